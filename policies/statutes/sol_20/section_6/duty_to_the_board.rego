# METADATA
# title: SFS 2025:400, 20 kap. 6 § – Skyldighet att lämna uppgifter till socialnämnden
# description: |
#   När socialnämnden har beslutat om en utredning om ett barns behov av skydd eller stöd, är myndigheter, anställda och yrkesverksamma som anges i 19 kap. 1 § skyldiga att lämna socialnämnden alla uppgifter som kan vara av betydelse för utredningen.
# custom:
#   ref: SoL 20:6
#   statute: Socialtjänstlag (2025:400)
#   in_force: "2025-07-01"
#   as_of: "2026-08-18"
#   doubts:
#     - en: Family counselling, forensic psychiatry and associations are open, as in 19:1.
#       sv: Vad som gäller för familjerådgivning, rättspsykiatrisk undersökningsverksamhet och föreningar är öppna frågor, som i SoL 19:1.
#   ground: sol_20_6
#   order: 26
#   receiver: [social_services]
#   duty: true
#   reaches_unnamed: true
package statutes.sol_20.section_6

import data.facts
import data.statutes.sol_19.section_1

conditions := {"holder", "receiver", "inquiry_open"}

uses := {"inquiry_open"}

# "myndigheter, anställda och yrkesverksamma som anges i 19 kap. 1 §"
holds contains "holder" if section_1.in_circle(facts.holder)

open contains "holder" if section_1.family_counselling(facts.holder)

open contains "holder" if facts.holder.authority == "rattsmedicinalverket"

open contains "holder" if facts.holder.works_with_children

holds contains "receiver" if facts.social_board(facts.receiver)

# "När socialnämnden har beslutat om en utredning"
holds contains "inquiry_open" if "inquiry_open" in input.circumstances

asks := {"importance": true}

reaches_all := true
