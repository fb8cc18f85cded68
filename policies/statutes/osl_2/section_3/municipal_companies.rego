# METADATA
# title: SFS 2009:400, 2 kap. 3 § – Lagens tillämpningsområde
# description: |
#   Det som föreskrivs i tryckfrihetsförordningen om rätt att ta del av allmänna handlingar hos myndigheter ska i tillämpliga delar gälla också handlingar hos aktiebolag, handelsbolag, ekonomiska föreningar och stiftelser där kommuner eller regioner utövar ett rättsligt bestämmande inflytande. Sådana bolag, föreningar och stiftelser ska vid tillämpningen av denna lag jämställas med myndigheter.
#
#   Kommuner och regioner ska anses utöva ett rättsligt bestämmande inflytande om de ensamma eller tillsammans
#   1. äger aktier i ett aktiebolag eller andelar i en ekonomisk förening med mer än hälften av samtliga röster i bolaget eller föreningen eller på något annat sätt förfogar över så många röster i bolaget eller föreningen,
#   2. har rätt att utse eller avsätta mer än hälften av ledamöterna i styrelsen för ett aktiebolag, en ekonomisk förening eller en stiftelse, eller
#   3. utgör samtliga obegränsat ansvariga bolagsmän i ett handelsbolag.
#
#   Vid tillämpningen av andra stycket 1-3 ska inflytande som utövas av en juridisk person över vilken en kommun eller en region bestämmer på det sätt som anges i de nämnda punkterna anses utövat av kommunen eller regionen.
#
#   Första stycket gäller också för handlingar som efter medgivande av en kommun eller en region för viss bestämd tid förvaras hos aktiebolag, handelsbolag, ekonomiska föreningar eller stiftelser där kommuner eller regioner tidigare har utövat ett rättsligt bestämmande inflytande.
#
#   Det som föreskrivs om kommuner och regioner i första-tredje styckena tillämpas också på kommunalförbund.
# custom:
#   ref: OSL 2:3
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2009-06-30"
#   amended_by: Lag (2019:937)
#   as_of: "2026-08-18"
#   doubts: []
package statutes.osl_2.section_3

import data.facts

# "bolag, föreningar och stiftelser … jämställas med myndigheter"
equated(party) if facts.municipal_company(party)
