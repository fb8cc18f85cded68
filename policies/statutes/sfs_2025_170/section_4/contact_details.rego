# METADATA
# title: SFS 2025:170, 4 § – Uppgiftsskyldighet avseende kontaktuppgifter
# description: |
#   En myndighet ska på begäran lämna en fysisk persons kontaktuppgifter till en brottsbekämpande myndighet, om uppgifterna behövs i den brottsbekämpande verksamheten. Med kontaktuppgift avses
#   1. bostadsadress,
#   2. telefonnummer eller e-postadress,
#   3. arbetsplats,
#   4. ombud eller företrädare,
#   5. användarnamn eller ip-adress, och
#   6. en uppgift som är jämförbar med någon av uppgifterna i 1-5.
#
#   Skyldigheten att lämna uppgifter gäller även för yrkesmässigt bedriven enskild verksamhet på socialtjänstens område, enskild verksamhet inom hälso- och sjukvården och för verksamhet som omfattas av 7 §. Skyldigheten gäller inte Försvarets radioanstalt.
#
#   En uppgift ska inte lämnas om det finns en bestämmelse om sekretess eller tystnadsplikt som är tillämplig på uppgiften och synnerliga skäl talar för att det intresse som sekretessen eller tystnadsplikten ska skydda har företräde framför intresset av att uppgiften lämnas ut.
# custom:
#   ref: 2025:170 4 §
#   statute: Lag (2025:170) om skyldighet att lämna uppgifter till de brottsbekämpande myndigheterna
#   in_force: "2025-04-01"
#   as_of: "2025-04-03"
#   doubts:
#     - en: Whether a municipal company is bound here is open.
#       sv: Om ett kommunalt bolag omfattas av skyldigheten är en öppen fråga.
#     - en: "Whether what a private school runs under 25 kap. skollagen is öppen fritidsverksamhet, and so covered by 7 §, is open where the unit is not leisure."
#       sv: "Om det som en fristående skola bedriver enligt 25 kap. skollagen är öppen fritidsverksamhet, och därmed omfattas av 7 §, är en öppen fråga när enheten inte är fritid."
#   ground: s170_4
#   order: 1
#   holder: [facts.authority, private_social_care, private_health_care]
#   receiver: [sfs_2025_170/section_2]
#   categories: [home_address, phone_or_email, workplace, representative, username_or_ip, comparable_contact]
#   duty: true
package statutes.sfs_2025_170.section_4

import data.facts
import data.statutes.sfs_2025_170.section_2
import data.statutes.sfs_2025_170.section_3

conditions := {"holder", "s170_2", "s170_3", "request", "person", "category"}

# "kontaktuppgift": points 1-6
_contact_details := {
	"home_address", "phone_or_email", "workplace",
	"representative", "username_or_ip", "comparable_contact",
}

# "En myndighet …, yrkesmässigt bedriven enskild verksamhet på socialtjänstens område, enskild verksamhet inom hälso-
# och sjukvården och … verksamhet som omfattas av 7 §. … gäller inte Försvarets radioanstalt."
holds contains "holder" if {
	_binding
	facts.authority(facts.holder)
	not facts.municipal_company(facts.holder)
}

holds contains "holder" if facts.private_care(facts.holder)

holds contains "holder" if {
	_binding
	facts.school(facts.holder)
}

_binding if facts.holder.authority != "forsvarets-radioanstalt"

# [I] "verksamhet som omfattas av 7 §": which of the activities of 25 kap. skollagen a private school runs, nobody has said.
open contains "activity" if {
	not facts.authority(facts.holder)
	not facts.covered_by_7(facts.holder)
}

# [I] whether a municipal company is a "myndighet" here.
open contains "holder" if facts.municipal_company(facts.holder)

holds contains "s170_2" if section_2.receiver_is_law_enforcement

holds_for[i] contains "s170_3" if some i in section_3.law_enforcement_purpose

holds_for[i] contains "request" if some i in facts.on_request

# "en fysisk persons kontaktuppgifter"
holds_for[i] contains "person" if some i in facts.about_somebody

holds_for[i] contains "category" if some i in facts.of_category(_contact_details)

# "om det finns en bestämmelse om sekretess eller tystnadsplikt … och synnerliga skäl"
asks_for[i].exceptional_reasons := false if some i in facts.under_secrecy

reaches_all := true
