# METADATA
# title: SFS 2016:775, 3 § – Förordning om uppgiftsskyldighet vid samverkan mot viss organiserad brottslighet
# description: |
#   Utöver de myndigheter som anges i 2 § får en åklagarmyndighet ta emot uppgifter enligt lagen (2016:774) om uppgiftsskyldighet vid samverkan mot viss organiserad brottslighet.
# custom:
#   ref: 2016:775 3 §
#   statute: Förordning (2016:775) om uppgiftsskyldighet vid samverkan mot viss organiserad brottslighet
#   in_force: "2016-08-15"
#   as_of: "2025-05-12"
#   doubts:
#     - en: "Whether Ekobrottsmyndigheten is an \"åklagarmyndighet\" here is open."
#       sv: Om Ekobrottsmyndigheten är en ”åklagarmyndighet” i paragrafens mening är en öppen fråga.
package statutes.sfs_2016_775.section_3

# "får en åklagarmyndighet ta emot uppgifter"
receives_only(party) if party.authority == "aklagarmyndigheten"
