# METADATA
# title: Registrations
# description: Consents and agreements that others rely on. A consent that has every signature it needs is told to those named in it; an agreement binds the authority that confirms it itself; what is registered is ended by a registration of its own sort.
package exchanges.registrations

import data.statutes.osl_12.section_3

# An agreement is confirmed by the municipality, region or authority itself: no school binds its municipality, and a desk
# binds its authority only where the register says so.
closed contains "not_own" if {
	input.kind == "CooperationAgreement"
	not _itself
}

_itself if {
	input.sender.id == input.sender.authority
	not input.sender.agreements == false
}

# A recall takes a delivery back. A consent, an agreement or a decision on an inquiry is ended by the withdrawal, the new version or the new decision.
closed contains "registration" if {
	input.kind == "Recall"
	not input.stated.registration == false
}

# A party hears of a consent that it may rely on, and never of a no.
tells contains "consent_registered" if {
	input.kind == "ConsentGiven"
	count(_signed) > 0
}

_signed contains key if {
	item := input.items[_]
	some key in item.persons
	person := input.persons[key]
	some consent in person.consents
	consent.form == "written"
	consent.subject_no == false
	consent.guardians_no == 0
	section_3.carries(consent, person)
}
