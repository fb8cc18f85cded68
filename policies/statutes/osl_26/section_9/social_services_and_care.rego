# METADATA
# title: SFS 2009:400, 26 kap. 9 § – Sekretessbrytande bestämmelser
# description: |
#   Sekretessen enligt 1 § hindrar inte att uppgift om en enskild eller någon närstående till denne lämnas från en myndighet inom socialtjänsten till en annan sådan myndighet eller till en myndighet inom hälso- och sjukvården, om det behövs för att ge den enskilde nödvändig vård, behandling eller annat stöd och denne
#   1. inte har fyllt arton år,
#   2. fortgående missbrukar alkohol, narkotika eller flyktiga lösningsmedel, eller
#   3. vårdas med stöd av lagen (1991:1128) om psykiatrisk tvångsvård eller lagen (1991:1129) om rättspsykiatrisk vård.
#
#   Detsamma gäller uppgift om en gravid person eller någon närstående till denne, om uppgiften behöver lämnas för en nödvändig insats till skydd för det väntade barnet.
# custom:
#   ref: OSL 26:9
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2009-06-30"
#   ceases: "2028-01-01"
#   amended_by: Lag (2013:406)
#   as_of: "2026-08-18"
#   coming:
#     - from: "2028-01-01"
#       amended_by: Lag (2026:1310)
#       text: |
#         Sekretessen enligt 1 § hindrar inte att uppgift om en enskild eller någon närstående till denne lämnas från en myndighet inom socialtjänsten till en annan sådan myndighet eller till en myndighet inom hälso- och sjukvården, om det behövs för att ge den enskilde nödvändig vård, behandling eller annat stöd och denne
#         1. inte har fyllt arton år,
#         2. har ett fortgående skadligt bruk eller beroende av alkohol, narkotika eller flyktiga lösningsmedel, eller
#         3. vårdas med stöd av lagen (1991:1128) om psykiatrisk tvångsvård eller lagen (1991:1129) om rättspsykiatrisk vård.
#
#         Detsamma gäller uppgift om en gravid person eller någon närstående till denne, om uppgiften behöver lämnas för en nödvändig insats till skydd för det väntade barnet.
#   doubts:
#     - en: "That the assessed need also covers that the other person whom the information concerns is near to the child is an inference."
#       sv: "Att den bedömda nödvändigheten även omfattar att den andra person som uppgiften gäller är närstående till barnet är en tolkning."
#   ground: osl_26_9
#   order: 21
#   holder: [facts.social_services]
#   receiver: [facts.social_services, health_care, child_psychiatry]
package statutes.osl_26.section_9

import data.facts

conditions := {"holder", "receiver", "age"}

names := {"OSL 26:1"}

holds contains "holder" if facts.social_services(facts.holder)

# "en … myndighet" within social services or "inom hälso- och sjukvården"
holds contains "receiver" if facts.social_services(facts.receiver)

holds contains "receiver" if facts.health_authority(facts.receiver)

# "inte har fyllt arton år"
holds_for[i] contains "age" if some i in facts.protecting_under(18)

unknown_for[i] contains "age" if some i in facts.perhaps_protecting_under(18)

# "om det behövs för att ge den enskilde nödvändig vård, behandling eller annat stöd"
asks := {"need": true}

# [I] "uppgift om en enskild eller någon närstående till denne": that the other is near to the child is part of the need that is assessed.
doubts_for contains i if some i in facts.near_a_child
