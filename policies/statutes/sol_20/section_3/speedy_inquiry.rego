# METADATA
# title: SFS 2025:400, 20 kap. 3 § – Skyndsam utredning
# description: |
#   En utredning av om socialnämnden behöver ingripa till ett barns skydd eller stöd ska bedrivas skyndsamt och vara slutförd inom fyra månader från det att den inleddes. Om det finns särskilda skäl, får socialnämnden besluta att förlänga utredningen för viss tid.
# custom:
#   ref: SoL 20:3
#   statute: Socialtjänstlag (2025:400)
#   in_force: "2025-07-01"
#   as_of: "2026-08-18"
#   doubts: []
package statutes.sol_20.section_3

# No rule of its own. The four months stand in `data.clocks`; they begin with a decision to open.
