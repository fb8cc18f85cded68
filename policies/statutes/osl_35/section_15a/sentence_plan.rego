# METADATA
# title: SFS 2009:400, 35 kap. 15 a § – Sekretessbrytande bestämmelse
# description: |
#   Sekretessen enligt 15 § första stycket hindrar inte att Kriminalvården, om det behövs för att genomföra den dömdes verkställighetsplan, lämnar uppgift till en enskild eller till en annan myndighet om den som har dömts till
#   1. fängelse, förutsatt att den dömde inte har fyllt tjugoett år, eller
#   2. ungdomsövervakning.
# custom:
#   ref: OSL 35:15 a
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2026-07-01"
#   amended_by: Lag (2026:529)
#   as_of: "2026-08-18"
#   doubts:
#     - en: "A recipient that is no authority (\"en enskild\") is left to a human."
#       sv: "En mottagare som inte är en myndighet (”en enskild”) lämnas till en människas bedömning."
#     - en: "Where only one paragraph of 35:15 is named and the sender left out which, the reading is open."
#       sv: "Paragrafen bryter bara sekretess enligt 35:15 första stycket: har avsändaren inte uppgett vilket stycke som är tillämpligt är det en öppen fråga."
#   ground: osl_35_15a
#   order: 37
#   holder: [kriminalvarden]
package statutes.osl_35.section_15a

import data.facts

conditions := {"holder", "receiver", "serving"}

uses := {"serving_prison", "serving_youth_supervision"}

# Youth supervision carries at any age; prison, not from twenty-one, and not where the other carries already.
idle[i] contains "serving_prison" if {
	"serving_youth_supervision" in input.circumstances
	some i, _ in input.items
}

# "hindrar inte att Kriminalvården … lämnar uppgift"
holds contains "holder" if facts.holder.authority == "kriminalvarden"

# "till en annan myndighet"
holds contains "receiver" if facts.authority(facts.receiver)

# [I] or "till en enskild"
open contains "receiver"

# "om den som har dömts till … 2. ungdomsövervakning", at any age
holds_for[i] contains "serving" if {
	some i in facts.about_somebody
	"serving_youth_supervision" in input.circumstances
}

# "1. fängelse, förutsatt att den dömde inte har fyllt tjugoett år"
holds_for[i] contains "serving" if {
	some i in facts.under(21)
	"serving_prison" in input.circumstances
}

unknown_for[i] contains "serving" if {
	some i in facts.perhaps_under(21)
	"serving_prison" in input.circumstances
}

# Claimed, and of what is served nothing is said.
unknown_for[i] contains "serving" if {
	some i in facts.about_somebody
	"osl_35_15a" in input.basis
	not _told
}

_told if {
	some circumstance in input.circumstances
	circumstance in {"serving_prison", "serving_youth_supervision"}
}

# What would settle it (policies/missing): what is served, or an age.
settling[i].serving := {{"fact": _settles(i)}} if some i in facts.about_somebody

_settles(i) := "age" if {
	_told
} else := "serving_prison" if {
	i in facts.under(21)
} else := "serving_youth_supervision"

names := {"OSL 35:15 1 st"}

# "om det behövs för att genomföra den dömdes verkställighetsplan", also on request
asks := {"need": true}
