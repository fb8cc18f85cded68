# METADATA
# title: SFS 2009:400, 6 kap. 7 § – Överklagbara beslut
# description: |
#   En enskild får överklaga ett beslut av en myndighet
#   1. att inte lämna ut en handling till den enskilde,
#   2. att lämna ut en handling med förbehåll som inskränker den enskildes rätt att röja innehållet eller annars förfoga över den, eller
#   3. att avslå den enskildes begäran enligt 6 § första stycket.
#
#   En myndighet får överklaga ett beslut av en annan myndighet att avslå den förstnämnda myndighetens begäran att få ta del av en handling eller på annat sätt få del av en uppgift, om inte annat anges i lag eller förordning.
#
#   Beslut av riksdagen, regeringen, Högsta domstolen och Högsta förvaltningsdomstolen får inte överklagas.
#
#   För beslut av en myndighet som lyder under riksdagen gäller särskilda bestämmelser om överklagande.
# custom:
#   ref: OSL 6:7
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2009-06-30"
#   amended_by: Lag (2010:1507)
#   as_of: "2026-08-18"
#   doubts: []
package statutes.osl_6.section_7

import data.facts

# "ett beslut av en myndighet"; "En myndighet får överklaga ett beslut av en annan myndighet att avslå den förstnämnda
# myndighetens begäran". A private person or body asks as an individual.
appealable if facts.authority(facts.holder)
