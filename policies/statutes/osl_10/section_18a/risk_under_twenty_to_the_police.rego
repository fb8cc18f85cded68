# METADATA
# title: SFS 2009:400, 10 kap. 18 a § – Förebyggande, förhindrande och upptäckande av brottslig verksamhet
# description: |
#   Sekretessen enligt 26 kap. 1 § hindrar inte att en uppgift som rör en enskild som inte fyllt tjugoett år lämnas till Polismyndigheten, Säkerhetspolisen eller Tullverket, om
#   1. det på grund av konkreta omständigheter finns risk för att den unge kommer att utöva brottslig verksamhet, och
#   2. det med hänsyn till planerade eller pågående insatser för den unge eller av andra särskilda skäl inte är olämpligt att uppgiften lämnas ut.
#
#   En uppgift som angår misstanke om ett begånget brott får dock lämnas endast under de förutsättningar som i övrigt anges i denna lag.
# custom:
#   ref: OSL 10:18 a
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2025-04-01"
#   earlier_wordings_from: "2009-06-30"
#   amended_by: Lag (2025:179)
#   as_of: "2026-08-18"
#   doubts: []
#   ground: osl_18a
#   order: 9
#   holder: [facts.social_services]
#   receiver: [polismyndigheten, sakerhetspolisen, tullverket]
package statutes.osl_10.section_18a

import data.facts

conditions := {"holder", "receiver", "age", "not_committed"}

names := {"OSL 26:1"}

holds contains "holder" if facts.social_services(facts.holder)

# "Polismyndigheten, Säkerhetspolisen eller Tullverket"
holds contains "receiver" if facts.receiver.authority in {"polismyndigheten", "sakerhetspolisen", "tullverket"}

# "en enskild som inte fyllt tjugoett år"
holds_for[i] contains "age" if some i in facts.under(21)

unknown_for[i] contains "age" if some i in facts.perhaps_under(21)

# "En uppgift som angår misstanke om ett begånget brott får dock lämnas endast under de förutsättningar som i övrigt anges"
holds contains "not_committed" if not facts.committed

# Points 1 and 2
asks := {"concrete_risk": true, "not_unsuitable": true}
