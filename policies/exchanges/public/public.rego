# METADATA
# title: From the public, associations and schools
# description: Tips and reports go to the police area, family support to the municipality's contact point, reports of bad actors to those who supervise them.
package exchanges.public

import data.facts

reports := {"Tip", "OffenceReport"}

closed contains "receiver" if {
	input.kind in reports
	facts.receiver.authority != "polismyndigheten"
}

# To the police area and its contact, not a national pool: somebody must say which.
open contains "no_area" if {
	input.kind in reports
	facts.receiver.authority == "polismyndigheten"
	not located
}

located if input.stated.area != null

# What social services and health care know of a person is given item by item, each with its ground.
open contains "by_item" if {
	input.kind in reports
	input.stated.named
	strong_secrecy
}

strong_secrecy if facts.social_services(facts.holder)

strong_secrecy if facts.health_care(facts.holder)

strong_secrecy if facts.private_care(facts.holder)

# [I] OSL 21:3 binds whoever is an authority: a protected person is told of item by item too, where harm can be weighed.
open contains "protected_identity" if {
	input.kind in (reports | {"SupportEnquiry", "ChannelReport"})
	facts.authority(facts.holder)
	some item in input.items
	some person in facts.concerned(item)
	person.protected
}

closed contains "receiver" if {
	input.kind == "SupportEnquiry"
	not contact_point(facts.receiver)
}

contact_point(party) if {
	"municipality" in party.kinds
	party.unit in {"contact_point", "registry", "social_services"}
}

closed contains "receiver" if {
	input.kind == "OrganisationConcern"
	not supervises(facts.receiver)
}

supervises(party) if party.authority in data.exchanges.public.supervisors[input.stated.type].authorities

supervises(party) if {
	some kind in party.kinds
	kind in data.exchanges.public.supervisors[input.stated.type].kinds
}
