"""The words that every other room uses: closed lists of the contract, as string enumerations.

The values are stable English ids; the Swedish statutory term stands in each docstring. Which of them
a rule asks for is written in `policies/`, never here.
"""

from enum import StrEnum

YEARS = range(1900, 2201)
"""The years that any day or time lies in: what lies outside is a slip of the pen, or meant to break a calendar."""


class AuthorityKind(StrEnum):
    """What sort of party somebody is (slag av aktör)."""

    STATE_AUTHORITY = "state_authority"
    MUNICIPALITY = "municipality"
    REGION = "region"
    COURT = "court"
    MUNICIPAL_COMPANY = "municipal_company"
    SCHOOL = "school"
    PRIVATE_SOCIAL_CARE = "private_social_care"
    PRIVATE_HEALTH_CARE = "private_health_care"
    CIVIL_SOCIETY = "civil_society"
    DIGITAL_PLATFORM = "digital_platform"
    PUBLIC_INTAKE = "public_intake"


class Approval(StrEnum):
    """How a private school's principal is approved (godkännande som huvudman)."""

    LEGAL_PERSON_2_5 = "legal_person_2_5"
    OTHER = "other"


class Unit(StrEnum):
    """The part of an authority that sends or receives (verksamhetsgren)."""

    REGISTRY = "registry"
    SOCIAL_SERVICES = "social_services"
    FAMILY_COUNSELLING = "family_counselling"
    CONTACT_POINT = "contact_point"
    EDUCATION_OFFICE = "education_office"
    SCHOOL = "school"
    LEISURE = "leisure"
    HEALTH_CARE = "health_care"
    CHILD_PSYCHIATRY = "child_psychiatry"
    POLICE_AREA = "police_area"
    DEFECTION_COORDINATOR = "defection_coordinator"
    BOB_COUNCIL = "bob_council"
    CRIME_UNIT = "crime_unit"


class Role(StrEnum):
    """The function that acts for a unit (befattning), never a name."""

    OFFICER = "officer"
    CASEWORKER = "caseworker"
    REKTOR = "rektor"
    DESIGNATED_STAFF = "designated_staff"
    TEACHER = "teacher"
    SCHOOL_HEALTH = "school_health"
    PROSECUTOR = "prosecutor"
    COORDINATOR = "coordinator"
    INDIVIDUAL = "individual"
    SYSTEM = "system"


class IdType(StrEnum):
    """Kind of identity designation (identitetsbeteckning)."""

    PERSONNUMMER = "personnummer"
    SAMORDNINGSNUMMER = "samordningsnummer"
    RESERVE = "reserve"
    UNKNOWN = "unknown"


class Sought(StrEnum):
    """Whether somebody's view was asked for (inhämtad, inte inhämtad, inte möjlig att inhämta)."""

    SOUGHT = "sought"
    NOT_SOUGHT = "not_sought"
    NOT_POSSIBLE = "not_possible"


class ProtectedIdentity(StrEnum):
    """Protected personal data (skyddade personuppgifter)."""

    NONE = "none"
    MARKED = "sekretessmarkering"
    PROTECTED_REGISTRATION = "skyddad_folkbokforing"
    ASSUMED = "fingerade_uppgifter"


class Purpose(StrEnum):
    """What the information is for (ändamål)."""

    PREVENT = "prevent"
    AVERT = "avert"
    DETECT = "detect"
    INVESTIGATE = "investigate"
    PROSECUTE = "prosecute"
    SUPPORT = "support"
    WRONG_PAYMENT = "wrong_payment"
    CHEATING = "cheating"
    OTHER = "other"


class Programme(StrEnum):
    """Form of cooperation (samverkansform)."""

    SIG = "sig"
    SSPF = "sspf"
    TREFAS = "trefas"
    LOSAM = "losam"
    RATT_KURVA = "ratt_kurva"
    BOB_LOCAL = "bob_local"
    DEFECTION = "defection"
    CRIME_ALLIANCE = "crime_alliance"
    IOP = "iop"
    OTHER = "other"


class Circumstance(StrEnum):
    """A fact that the sender states (omständighet)."""

    MET_BY_STAFF = "met_by_staff"
    INQUIRY_OPEN = "inquiry_open"
    PARTICULAR_CASE = "particular_case"
    GUARDIAN_ABSENT = "guardian_absent"
    GUARDIAN_MUST_NOT_KNOW = "guardian_must_not_know"
    IN_OWN_INSTITUTION = "in_own_institution"
    INQUIRY_31_OPENED = "inquiry_31_opened"
    SERVING_PRISON = "serving_prison"
    SERVING_YOUTH_SUPERVISION = "serving_youth_supervision"
    RECIPIENT_HAS_NOTIFIED = "recipient_has_notified"
    ASSISTANCE_REQUESTED = "assistance_requested"
    PRESUMED_UNDER_18 = "presumed_under_18"


class Category(StrEnum):
    """Kind of information (uppgiftskategori)."""

    HOME_ADDRESS = "home_address"
    PHONE_OR_EMAIL = "phone_or_email"
    WORKPLACE = "workplace"
    REPRESENTATIVE = "representative"
    USERNAME_OR_IP = "username_or_ip"
    COMPARABLE_CONTACT = "comparable_contact"
    SCHOOL_ATTENDANCE = "school_attendance"
    SCHOOL_PLACEMENT = "school_placement"
    SCHOOL_INCIDENT = "school_incident"
    SCHOOL_SUPPORT = "school_support"
    BENEFIT = "benefit"
    EMPLOYMENT = "employment"
    VEHICLE = "vehicle"
    HOUSING = "housing"
    STAY_IN_CARE = "stay_in_care"
    PERMIT = "permit"
    COMPANY = "company"
    MIGRATION_STATUS = "migration_status"
    CUSTODY_STATUS = "custody_status"
    SOCIAL_RECORD = "social_record"
    HEALTH_RECORD = "health_record"
    OBSERVATION = "observation"
    NETWORK = "network"
    THREAT = "threat"
    INQUIRY_OPENED = "inquiry_opened"
    OTHER = "other"


class WeighingTest(StrEnum):
    """A weighing or assessment that only a human can make (prövning)."""

    NEED = "need"
    EXCEPTIONAL_REASONS = "exceptional_reasons"
    SECRECY_CLEARLY_PREVAILS = "secrecy_clearly_prevails"
    OVERRIDING_REASONS = "overriding_reasons"
    CONCRETE_RISK = "concrete_risk"
    NOT_UNSUITABLE = "not_unsuitable"
    SUSPICION = "suspicion"
    IMPORTANCE = "importance"
    IMMINENT_DANGER = "imminent_danger"
    OBVIOUS_INTEREST = "obvious_interest"
    CHILD_AT_RISK = "child_at_risk"
    RECRUITMENT_CONTENT = "recruitment_content"
    NO_PROVISION_APPLIES = "no_provision_applies"
    HARM = "harm"
    MATURITY = "maturity"
    CONSENT_CONFIRMED = "consent_confirmed"
    NECESSARY_FOR_OWN_TASK = "necessary_for_own_task"


class Degree(StrEnum):
    """Degree of an offence (brottets grad)."""

    MINOR = "minor"
    NORMAL = "normal"
    GROSS = "gross"
    VERY_GROSS = "very_gross"


class Stage(StrEnum):
    """Stage of an offence (fullbordat, försök, förberedelse, stämpling)."""

    COMPLETED = "completed"
    ATTEMPT = "attempt"
    PREPARATION = "preparation"
    CONSPIRACY = "conspiracy"


class SubjectIs(StrEnum):
    """The subject's part in an offence (misstänkt, målsägande, annan)."""

    SUSPECT = "suspect"
    VICTIM = "victim"
    OTHER = "other"


class MediationAnswer(StrEnum):
    """How a young suspect answers to mediation (medling)."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


class Deprivation(StrEnum):
    """Whether a young suspect is deprived of liberty (gripen, anhållen, häktad)."""

    NONE = "none"
    APPREHENDED = "apprehended"
    ARRESTED = "arrested"
    DETAINED = "detained"


class Urgency(StrEnum):
    """How soon an answer is needed (skyndsamhet)."""

    ROUTINE = "routine"
    URGENT = "urgent"
    IMMEDIATE = "immediate"


class RefusalReason(StrEnum):
    """Why nothing is given (avslagsskäl)."""

    WITHHELD = "withheld"
    NOT_HELD = "not_held"
    CANNOT_SAY = "cannot_say"


class Registrant(StrEnum):
    """What the one who registered a consent is in a message that rests on it."""

    SENDER = "sender"
    OWN_AUTHORITY = "own_authority"
    RECIPIENT = "recipient"
    PARTY = "party"
    OTHER = "other"


class SignerRole(StrEnum):
    """Who consents (den enskilde själv, vårdnadshavare)."""

    SUBJECT = "subject"
    GUARDIAN = "guardian"


class Answer(StrEnum):
    """A signer's answer (samtycker eller inte)."""

    YES = "yes"
    NO = "no"


class GuardiansNeeded(StrEnum):
    """How many guardians an agreement asks for (vårdnadshavare)."""

    ALL = "all"
    ONE = "one"


class ConsentForm(StrEnum):
    """Form of a consent (skriftligt, muntligt)."""

    WRITTEN = "written"
    ORAL = "oral"


class Outcome(StrEnum):
    """What becomes of a message or, with `release` for `forward`, of an item (utfall)."""

    FORWARD = "forward"
    WITHHOLD = "withhold"
    REFER = "refer"
    QUARANTINE = "quarantine"


class CouncilLevel(StrEnum):
    """Level of a council or picture (nationell, regional, lokal)."""

    NATIONAL = "national"
    REGIONAL = "regional"
    LOCAL = "local"


class Concern(StrEnum):
    """Sort of concern for a child (orsak till oro)."""

    VIOLENCE = "violence"
    NEGLECT = "neglect"
    CRIME = "crime"
    DRUGS = "drugs"
    SCHOOL_ABSENCE = "school_absence"
    HONOUR = "honour"
    NETWORK = "network"
    OTHER = "other"


class InquiryStatus(StrEnum):
    """What the social board has decided (inledd, inte inledd, pågår redan)."""

    OPENED = "opened"
    NOT_OPENED = "not_opened"
    RUNNING = "running"


class HandedTo(StrEnum):
    """Who takes over a child (vårdnadshavare, socialnämnd)."""

    GUARDIAN = "guardian"
    SOCIAL_BOARD = "social_board"


class ConversationOutcome(StrEnum):
    """What came of a talk with guardians."""

    AGREED = "agreed"
    DECLINED = "declined"
    FOLLOW_UP = "follow_up"


class ConditionEvent(StrEnum):
    """What has happened to a condition (start, tillfälligt undantag, ändrat, upphört)."""

    START = "start"
    EXCEPTION = "exception"
    CHANGED = "changed"
    ENDED = "ended"


class OrganisationType(StrEnum):
    """Sort of organisation in a report (HVB, familjehem, avhopparaktör, förening)."""

    HVB = "hvb"
    FAMILY_HOME = "family_home"
    DEFECTION_CONTRACTOR = "defection_contractor"
    ASSOCIATION = "association"
    OTHER = "other"


class NeedAnswer(StrEnum):
    """An answer in the follow-up of a defection."""

    MET = "met"
    UNMET = "unmet"
    NOT_NEEDED = "not_needed"
    UNKNOWN = "unknown"


class DefectionOutcome(StrEnum):
    """Where a defection stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    DISCONTINUED = "discontinued"


class SeenState(StrEnum):
    """What has become of a delivery at its recipient's (öppnad, registrerad, inte till oss, lämnad vidare)."""

    OPENED = "opened"
    REGISTERED = "registered"
    NOT_FOR_US = "not_for_us"
    HANDED_OVER = "handed_over"


class ActionType(StrEnum):
    """What a platform message does (föreläggande, effekt, information, misstanke)."""

    ORDER = "order"
    EFFECT = "effect"
    INFORMATION = "information"
    SUSPICION = "suspicion"
