# METADATA
# title: SFS 2025:400, 20 kap. 2 § – Förhandsbedömning
# description: |
#   Om en anmälan till socialnämnden gäller barn eller unga, ska socialnämnden fatta beslut om att inleda eller inte inleda utredning inom fjorton dagar efter det att anmälan har kommit in (förhandsbedömning). Ett sådant beslut behöver dock inte fattas om det redan pågår en utredning om det barn eller den unge som anmälan avser. Tiden för förhandsbedömningen får endast förlängas om det finns synnerliga skäl.
# custom:
#   ref: SoL 20:2
#   statute: Socialtjänstlag (2025:400)
#   in_force: "2025-07-01"
#   as_of: "2026-08-18"
#   doubts: []
package statutes.sol_20.section_2

# No rule of its own. The fourteen days stand in `data.clocks`; they end with the ConcernDecision.
