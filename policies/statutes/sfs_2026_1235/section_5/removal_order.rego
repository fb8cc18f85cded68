# METADATA
# title: SFS 2026:1235, 5 § – Föreläggande att avlägsna rekryteringsinnehåll
# description: |
#   Den myndighet som regeringen bestämmer (den behöriga myndigheten) får besluta att förelägga en värdtjänstleverantör att avlägsna rekryteringsinnehåll eller göra det oåtkomligt online.
#
#   Med värdtjänstleverantör avses en sådan leverantör av värdtjänster som omfattas av Europaparlamentets och rådets förordning (EU) 2022/2065 av den 19 oktober 2022 om en inre marknad för digitala tjänster och om ändring av direktiv 2000/31/EG (förordningen om digitala tjänster), i denna lag kallad EU:s förordning om digitala tjänster.
#
#   Ett beslut om föreläggande gäller omedelbart.
# custom:
#   ref: 2026:1235 5 §
#   statute: Lag (2026:1235) om avlägsnande av rekryteringsinnehåll online
#   in_force: "2026-07-15"
#   as_of: "2026-08-19"
#   doubts: []
#   ground: takedown
#   order: 17
#   holder: [polismyndigheten]
#   receiver: [digital_platform]
package statutes.sfs_2026_1235.section_5

import data.facts
import data.statutes.sfs_2026_1235.section_2
import data.statutes.sfs_2026_1235.section_3
import data.statutes.sfs_2026_1235.section_4
import data.statutes.sfs_2026_1235.section_6
import data.statutes.sfs_2026_1237.section_3 as competent

conditions := {"holder", "receiver", "order", "recruits", "linked", "not_terrorist"} | section_6.fields

holds contains "holder" if competent.authority(facts.holder)

# "en värdtjänstleverantör"
holds contains "receiver" if "digital_platform" in facts.receiver.kinds

holds contains "order" if input.stated.action == "order"

holds contains field if some field in section_6.given

holds contains "recruits" if section_2.recruits == "reached"

open contains "recruits" if section_2.recruits == "unknown"

holds contains "linked" if section_3.linked

holds contains "not_terrorist" if {
	input.stated.action == "order"
	not section_4.terrorist
}

# "rekryteringsinnehåll": what the content is for is a human's to say.
asks := {"recruitment_content": true}

reaches_all := true
