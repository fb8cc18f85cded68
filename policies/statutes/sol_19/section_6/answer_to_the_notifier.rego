# METADATA
# title: SFS 2025:400, 19 kap. 6 § – Information till anmälaren
# description: |
#   Socialnämnden får informera den som har gjort anmälan enligt 1, 2 eller 3 § om att en utredning har inletts, inte har inletts eller redan pågår.
#
#   På begäran av anmälaren ska socialnämnden lämna sådan information som avses i första stycket, om det inte är olämpligt med hänsyn till omständigheterna. Informationen ska lämnas senast en vecka efter det att socialnämnden har fattat beslut om att inleda eller inte inleda utredning. Om begäran kommer in efter denna tidpunkt eller om en utredning redan pågår ska informationen lämnas genast.
# custom:
#   ref: SoL 19:6
#   statute: Socialtjänstlag (2025:400)
#   in_force: "2025-07-01"
#   in_force_second_paragraph: "2026-01-15"
#   amended_by: Lag (2025:1501)
#   as_of: "2026-08-18"
#   doubts:
#     - en: That Barnombudsmannen (SoL 19:3) is answered only on its request, through SoL 19:6 second paragraph and OSL 10:28, is an inference.
#       sv: Att Barnombudsmannen (SoL 19:3) får besked endast på egen begäran, med stöd av SoL 19:6 andra stycket och OSL 10:28, är en tolkning.
package statutes.sol_19.section_6

# No rule of its own: when and what the reporter is told; the secrecy is lifted by OSL 26:9 a.
