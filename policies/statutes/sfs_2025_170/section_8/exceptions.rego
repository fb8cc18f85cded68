# METADATA
# title: SFS 2025:170, 8 § – Undantag för vissa uppgifter
# description: |
#   Uppgiftsskyldigheterna enligt 5-7 §§ gäller inte uppgifter som omfattas av
#   1. sekretess enligt någon av bestämmelserna i 24 kap. 8 §, 25 kap. 1-8 §§ eller 15 §, 26 kap. 1-6 §§ eller 40 kap. 2 eller 5 § offentlighets- och sekretesslagen (2009:400), eller
#   2. tystnadsplikt enligt någon av bestämmelserna i 6 kap. 12-14 §§ eller 16 § patientsäkerhetslagen (2010:659).
# custom:
#   ref: 2025:170 8 §
#   statute: Lag (2025:170) om skyldighet att lämna uppgifter till de brottsbekämpande myndigheterna
#   in_force: "2025-04-01"
#   as_of: "2025-04-03"
#   doubts:
#     - en: "That OSL 25:8 a, 25:8 b, 25:16 and 25:17 a lie outside \"25 kap. 1-8 §§\" is an inference."
#       sv: Att OSL 25:8 a, 25:8 b, 25:16 och 25:17 a faller utanför ”25 kap. 1-8 §§” är en tolkning.
#     - en: That 7 § reaches the school counsellor (OSL 23:2) but not the school nurse (OSL 25:1) is an inference from the list in 8 §.
#       sv: Att 7 § omfattar skolkuratorns uppgifter (OSL 23:2) men inte skolsköterskans (OSL 25:1) är en slutsats av uppräkningen i 8 §.
package statutes.sfs_2025_170.section_8

import data.reach

# "gäller inte uppgifter som omfattas av" this secrecy. 26:1 a lies inside "1-6 §§"; 25:8 a and 8 b outside "1-8 §§".
exempt := {
	"OSL 24:8",
	"OSL 25:1", "OSL 25:2", "OSL 25:3", "OSL 25:4", "OSL 25:5", "OSL 25:6", "OSL 25:7", "OSL 25:8", "OSL 25:15",
	"OSL 26:1", "OSL 26:1 a", "OSL 26:2", "OSL 26:3", "OSL 26:4", "OSL 26:5", "OSL 26:6",
	"OSL 40:2", "OSL 40:5",
	"PSL 6:12", "PSL 6:13", "PSL 6:14", "PSL 6:16",
}

# Items that 5-7 §§ do not reach. 4 § is not limited by this paragraph.
not_exempt contains i if {
	item := input.items[i]
	every provision in item.secrecy {
		not reach.named(exempt, provision)
	}
}
