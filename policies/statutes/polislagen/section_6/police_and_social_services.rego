# METADATA
# title: SFS 1984:387, 6 § – Samarbete med socialtjänsten
# description: |
#   Polismyndigheten och Säkerhetspolisen ska samarbeta med varandra och med åklagarmyndigheterna.
#
#   Polismyndigheten ska fortlöpande samarbeta med myndigheterna inom socialtjänsten och snarast underrätta dessa om förhållanden som bör föranleda någon åtgärd av dem.
#
#   Bestämmelser om skyldigheten att vid kännedom eller misstanke om att ett barn far illa genast anmäla det till socialnämnden finns i 19 kap. 1 § socialtjänstlagen (2025:400).
#
#   Polismyndigheten och Säkerhetspolisen ska också samarbeta med andra myndigheter och organisationer vilkas verksamhet berör polisverksamheten.
#
#   Andra myndigheter ska ge polisen stöd i dess arbete.
# custom:
#   ref: polislagen 6 §
#   statute: Polislag (1984:387)
#   in_force: "1984-10-01"
#   wording_known_from: "2025-07-01"
#   amended_by: Lag (2025:1491)
#   as_of: "2026-08-08"
#   doubts:
#     - en: "Talks with guardians are not regulated; that 6 § carries telling the social services of one is an inference."
#       sv: "Orossamtal är inte författningsreglerade; att 6 § ger stöd för att socialtjänsten får veta om ett samtal är en tolkning."
#     - en: "The day in force of this wording was not seen."
#       sv: "Dagen då denna lydelse trädde i kraft har inte setts."
#   ground: polislagen_6
#   order: 34
#   duty: true
#   doubtful: true
#   only_for: [GuardianConversation]
package statutes.polislagen.section_6

import data.facts

conditions := {"holder", "receiver", "age"}

# "Polismyndigheten ska … snarast underrätta dessa om förhållanden som bör föranleda någon åtgärd"
holds contains "holder" if facts.holder.authority == "polismyndigheten"

# "myndigheterna inom socialtjänsten"
holds contains "receiver" if facts.social_board_desk(facts.receiver)

# A talk to which the social services were not invited is recorded with the Police themselves.
holds contains "receiver" if {
	input.stated.invited == false
	facts.to_itself
}

holds_for[i] contains "age" if some i in facts.under(18)

unknown_for[i] contains "age" if some i in facts.perhaps_under(18)

reaches_all := true
