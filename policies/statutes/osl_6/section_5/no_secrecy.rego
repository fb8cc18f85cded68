# METADATA
# title: SFS 2009:400, 6 kap. 5 § – Utlämnande av uppgift
# description: |
#   En myndighet ska på begäran av en annan myndighet lämna uppgift som den förfogar över, om inte uppgiften är sekretessbelagd eller det skulle hindra arbetets behöriga gång.
# custom:
#   ref: OSL 6:5
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2009-06-30"
#   as_of: "2026-08-18"
#   doubts: []
#   ground: no_secrecy
#   order: 31
#   holder: [facts.authority]
#   receiver: [facts.authority]
package statutes.osl_6.section_5

import data.facts

conditions := {"holder", "receiver", "request", "not_secret"}

holds contains "holder" if facts.authority(facts.holder)

# "på begäran av en annan myndighet"
holds contains "receiver" if facts.authority(facts.receiver)

holds_for[i] contains "request" if some i in facts.on_request

# "om inte uppgiften är sekretessbelagd"
holds_for[i] contains "not_secret" if some i in facts.under_no_secrecy
