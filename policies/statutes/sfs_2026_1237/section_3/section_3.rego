# METADATA
# title: SFS 2026:1237, 3 § – Behörig myndighet
# description: |
#   Polismyndigheten är behörig myndighet enligt lagen (2026:1235) om avlägsnande av rekryteringsinnehåll online.
# custom:
#   ref: 2026:1237 3 §
#   statute: Förordning (2026:1237) om avlägsnande av rekryteringsinnehåll online
#   in_force: "2026-08-19"
#   as_of: "2026-08-19"
#   doubts:
#     - en: "The day in force was not seen: from the text of 2026-08-19, which carries no note of a later day."
#       sv: "Dagen för ikraftträdandet har inte setts: räknas från texten av den 19 augusti 2026, som inte anger någon senare dag."
package statutes.sfs_2026_1237.section_3

authority(party) if party.authority == "polismyndigheten"
