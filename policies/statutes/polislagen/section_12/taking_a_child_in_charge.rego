# METADATA
# title: SFS 1984:387, 12 § – Omhändertagande av den som kan antas vara under arton år
# description: |
#   Om någon som kan antas vara under arton år anträffas under förhållanden som uppenbarligen innebär överhängande och allvarlig risk för hans eller hennes hälsa eller utveckling, får han eller hon tas om hand av en polisman för att genom dennes försorg skyndsamt överlämnas till sina föräldrar eller någon annan vårdnadshavare eller till socialnämnden. Vid bedömningen av risken för den unges hälsa eller utveckling ska det beaktas om man kan befara att den unge kan komma att utsättas för brott, involveras i brottslig verksamhet eller skadas genom något annat socialt nedbrytande beteende.
# custom:
#   ref: polislagen 12 §
#   statute: Polislag (1984:387)
#   in_force: "1984-10-01"
#   wording_known_from: "2013-01-01"
#   amended_by: Lag (2012:802)
#   as_of: "2026-08-08"
#   doubts:
#     - en: "Telling the social board of a child handed to a guardian rests on polislagen 6 § and SoL 19:1 beside 12 §."
#       sv: "Att socialnämnden får veta att ett barn har lämnats till en vårdnadshavare vilar även på polislagen 6 § och SoL 19:1."
#     - en: "The day in force of this wording was not seen."
#       sv: "Dagen då denna lydelse trädde i kraft har inte setts."
#   ground: polislagen_12
#   order: 35
#   duty: true
#   only_for: [CustodyHandover]
package statutes.polislagen.section_12

import data.facts

conditions := {"holder", "receiver", "age"}

# "tas om hand av en polisman"
holds contains "holder" if facts.holder.authority == "polismyndigheten"

# "till socialnämnden"
holds contains "receiver" if facts.social_board_desk(facts.receiver)

# "till sina föräldrar eller någon annan vårdnadshavare": recorded with the Police themselves.
holds contains "receiver" if {
	input.stated.handed_to == "guardian"
	facts.to_itself
}

# "kan antas vara under arton år"
holds_for[i] contains "age" if some i in facts.under(18)

holds_for[i] contains "age" if {
	facts.presumed_under_18
	some i in facts.perhaps_under(18)
}

unknown_for[i] contains "age" if some i in facts.perhaps_under(18)

reaches_all := true
