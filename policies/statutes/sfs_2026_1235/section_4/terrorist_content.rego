# METADATA
# title: SFS 2026:1235, 4 § – Terrorisminnehåll
# description: |
#   Lagen gäller inte innehåll som omfattas av Europaparlamentets och rådets förordning (EU) 2021/784 av den 29 april 2021 om åtgärder mot spridning av terrorisminnehåll online.
# custom:
#   ref: 2026:1235 4 §
#   statute: Lag (2026:1235) om avlägsnande av rekryteringsinnehåll online
#   in_force: "2026-07-15"
#   as_of: "2026-08-19"
#   doubts: []
package statutes.sfs_2026_1235.section_4

# Content under regulation (EU) 2021/784 is outside: a terrorist offence named as the reason shows it.
terrorist if input.stated.provision.statute == "2022:666"
