# METADATA
# title: SFS 1964:167, 1 a § – Inledande bestämmelse
# description: |
#   I 31-38 d §§ finns bestämmelser om handläggning av mål och ärenden där någon misstänks för att före femton års ålder ha begått ett brott. I fall som avses i 1 kap. 6 § andra stycket brottsbalken tillämpas dock i stället 38 e och 38 f §§.
# custom:
#   ref: 1964:167 1 a §
#   statute: Lag (1964:167) med särskilda bestämmelser om unga lagöverträdare
#   in_force: "2026-09-10"
#   ceases: "2031-09-10"
#   amended_by: Lag (2026:1530)
#   as_of: "2026-09-10"
#   doubts:
#     - en: "The repeal (2026:1556) leaves the paragraph in force for offences committed before 2031-09-10: no end stands for the message's day."
#       sv: "Paragrafen upphävs (2026:1556) men gäller fortfarande för brott som begåtts före den 10 september 2031: därför räknas brottets dag, inte meddelandets."
package statutes.lul.section_1a

import data.statutes.brb_1.section_6

# "I fall som avses i 1 kap. 6 § andra stycket brottsbalken tillämpas dock i stället 38 e och 38 f §§": whether 34 § is set aside.
set_aside := section_6.judged
