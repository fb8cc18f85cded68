# METADATA
# title: SFS 2009:400, 25 kap. 12 § – Sekretessbrytande bestämmelser
# description: |
#   Sekretessen enligt 1 §, 2 § andra stycket och 3-5 §§ hindrar inte att en uppgift om en enskild eller närstående till denne lämnas från en myndighet inom hälso- och sjukvården till en annan sådan myndighet eller till en myndighet inom socialtjänsten, om det behövs för att ge den enskilde nödvändig vård, behandling eller annat stöd och denne
#   1. inte har fyllt arton år,
#   2. fortgående missbrukar alkohol, narkotika eller flyktiga lösningsmedel, eller
#   3. vårdas med stöd av lagen (1991:1128) om psykiatrisk tvångsvård eller lagen (1991:1129) om rättspsykiatrisk vård.
#
#   Detsamma gäller uppgift om en gravid person eller någon närstående till denne, om uppgiften behöver lämnas för en nödvändig insats till skydd för det väntade barnet.
# custom:
#   ref: OSL 25:12
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2009-06-30"
#   ceases: "2028-01-01"
#   amended_by: Lag (2013:406)
#   as_of: "2026-08-18"
#   coming:
#     - from: "2028-01-01"
#       amended_by: Lag (2026:1310)
#       text: |
#         Sekretessen enligt 1 §, 2 § andra stycket och 3-5 §§ hindrar inte att en uppgift om en enskild eller närstående till denne lämnas från en myndighet inom hälso- och sjukvården till en annan sådan myndighet eller till en myndighet inom socialtjänsten, om det behövs för att ge den enskilde nödvändig vård, behandling eller annat stöd och denne
#         1. inte har fyllt arton år,
#         2. har ett fortgående skadligt bruk eller beroende av alkohol, narkotika eller flyktiga lösningsmedel, eller
#         3. vårdas med stöd av lagen (1991:1128) om psykiatrisk tvångsvård eller lagen (1991:1129) om rättspsykiatrisk vård.
#
#         Detsamma gäller uppgift om en gravid person eller någon närstående till denne, om uppgiften behöver lämnas för en nödvändig insats till skydd för det väntade barnet.
#   doubts:
#     - en: "That the assessed need also covers that the other person whom the information concerns is near to the child is an inference."
#       sv: "Att den bedömda nödvändigheten även omfattar att den andra person som uppgiften gäller är närstående till barnet är en tolkning."
#     - en: Where only one paragraph of a section is named and the sender left out which, the reading is open.
#       sv: Där lagrummet anger bara ett visst stycke i en sekretessparagraf och avsändaren inte har uppgett vilket stycke som är tillämpligt är det en öppen fråga vad som gäller.
#   ground: osl_25_12
#   order: 22
#   holder: [health_care, child_psychiatry, school_health]
#   receiver: [facts.social_services, health_care, child_psychiatry]
package statutes.osl_25.section_12

import data.facts

conditions := {"holder", "receiver", "age"}

names := {"OSL 25:1", "OSL 25:2 2 st", "OSL 25:3", "OSL 25:4", "OSL 25:5"}

holds contains "holder" if facts.health_authority(facts.holder)

holds contains "holder" if facts.school_medical_care(facts.holder)

# "en … myndighet" within social services or "inom hälso- och sjukvården"
holds contains "receiver" if facts.social_services(facts.receiver)

holds contains "receiver" if facts.health_authority(facts.receiver)

# "inte har fyllt arton år"
holds_for[i] contains "age" if some i in facts.protecting_under(18)

unknown_for[i] contains "age" if some i in facts.perhaps_protecting_under(18)

# "om det behövs för att ge den enskilde nödvändig vård, behandling eller annat stöd"
asks := {"need": true}

# [I] "uppgift om en enskild eller närstående till denne": that the other is near to the child is part of the need that is assessed.
doubts_for contains i if some i in facts.near_a_child
