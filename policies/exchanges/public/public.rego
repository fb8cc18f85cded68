# METADATA
# title: From the public, associations and schools
# description: Tips and reports go to the police area, family support to the municipality's contact point, reports of bad actors to those who supervise them.
package exchanges.public

import data.facts

_reports := {"Tip", "OffenceReport"}

closed contains "receiver" if {
	input.kind in _reports
	facts.receiver.authority != "polismyndigheten"
}

# What an authority, or a private giver of school, care or social services, knows of a person goes out item by item, each
# with its ground (OSL 8:1, 10:1; tystnadsplikt); the menprövning of a protected identity (OSL 21:3) comes with it.
open contains "by_item" if {
	input.kind in (_reports | {"SupportEnquiry", "ChannelReport"})
	_silent(facts.holder)
	not _impersonal
}

_impersonal if input.stated.named == false

_silent(party) if facts.authority(party)

_silent(party) if facts.private_care(party)

_silent(party) if "school" in party.kinds

closed contains "receiver" if {
	input.kind == "SupportEnquiry"
	not _contact_point(facts.receiver)
}

_contact_point(party) if {
	"municipality" in party.kinds
	party.unit in {"contact_point", "registry", "social_services"}
}

closed contains "receiver" if {
	input.kind == "OrganisationConcern"
	not _supervises(facts.receiver)
}

_supervises(party) if party.authority in data.exchanges.public.supervisors[input.stated.type].authorities

_supervises(party) if {
	some kind in party.kinds
	kind in data.exchanges.public.supervisors[input.stated.type].kinds
}
