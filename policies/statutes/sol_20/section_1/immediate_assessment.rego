# METADATA
# title: SFS 2025:400, 20 kap. 1 § – Omedelbar skyddsbedömning
# description: |
#   Om en anmälan till socialnämnden gäller barn eller unga, ska socialnämnden genast göra en bedömning av om barnet eller den unge behöver omedelbart skydd (omedelbar skyddsbedömning).
#
#   Bedömningen ska dokumenteras. För barn ska dokumentationen göras i en personakt.
# custom:
#   ref: SoL 20:1
#   statute: Socialtjänstlag (2025:400)
#   in_force: "2025-07-01"
#   as_of: "2026-08-18"
#   doubts: []
package statutes.sol_20.section_1

# No rule of its own. The protection assessment at once: told to the board with each notification (`data.clocks`).
