# METADATA
# title: SFS 2025:400, 19 kap. 2 § – Verksamma inom familjerådgivning
# description: |
#   De som är verksamma inom familjerådgivning är skyldiga att genast anmäla till socialnämnden om de i sin verksamhet får kännedom om att ett barn utnyttjas sexuellt eller utsätts för fysisk eller psykisk misshandel i hemmet.
# custom:
#   ref: SoL 19:2
#   statute: Socialtjänstlag (2025:400)
#   in_force: "2025-07-01"
#   as_of: "2026-08-18"
#   doubts: []
package statutes.sol_19.section_2

# No rule of its own: narrower than 19:1 and the family counsellor's alone; 19:1 is then open.
