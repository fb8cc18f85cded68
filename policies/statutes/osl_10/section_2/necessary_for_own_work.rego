# METADATA
# title: SFS 2009:400, 10 kap. 2 § – Nödvändigt utlämnande
# description: |
#   Sekretess hindrar inte att en uppgift lämnas till en enskild eller till en annan myndighet, om det är nödvändigt för att den utlämnande myndigheten ska kunna fullgöra sin verksamhet.
# custom:
#   ref: OSL 10:2
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2009-06-30"
#   as_of: "2026-08-18"
#   doubts:
#     - en: "The paragraph is to be used with restraint: what it carries is always doubtful, and only where it is claimed."
#       sv: "Paragrafen ska tillämpas restriktivt: det som lämnas med stöd av den är alltid tveksamt, och den prövas bara när den anges."
#     - en: "That it gives way to the secrecy that 10:27 excepts is left open."
#       sv: "Om den får användas för sekretess som är undantagen i 10:27 lämnas öppet."
#   ground: osl_10_2
#   order: 42
#   only_when_claimed: true
#   doubtful: true
package statutes.osl_10.section_2

import data.facts
import data.reach
import data.statutes.osl_10.section_27

conditions := {"holder"}

# "den utlämnande myndigheten"
holds contains "holder" if facts.authority(facts.holder)

# [I] secrecy that the general clause excepts
open_for[i] contains "excepted_in_27" if {
	item := input.items[i]
	some provision in item.secrecy
	_touched(provision)
}

_touched(provision) if reach.named(section_27.excepted, provision)

_touched(provision) if reach.unclear(section_27.excepted, provision)

# "om det är nödvändigt för att den utlämnande myndigheten ska kunna fullgöra sin verksamhet"
asks := {"necessary_for_own_task": true}

reaches_all := true
