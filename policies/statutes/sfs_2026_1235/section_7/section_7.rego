# METADATA
# title: SFS 2026:1235, 7 § – En timme
# description: |
#   Den värdtjänstleverantör som tar emot ett föreläggande ska avlägsna rekryteringsinnehållet eller göra det oåtkomligt online så snart som möjligt och senast inom en timme från det att föreläggandet har tagits emot.
#
#   Om det är tillräckligt att innehållet görs oåtkomligt i en eller flera stater ska den behöriga myndigheten ange det i föreläggandet.
# custom:
#   ref: 2026:1235 7 §
#   statute: Lag (2026:1235) om avlägsnande av rekryteringsinnehåll online
#   in_force: "2026-08-19"
#   as_of: "2026-08-19"
#   doubts:
#     - en: "The day in force was not seen: from the text of 2026-08-19, which carries no note of a later day."
#       sv: "Dagen för ikraftträdandet har inte setts: räknas från texten av den 19 augusti 2026, som inte anger någon senare dag."
package statutes.sfs_2026_1235.section_7

# No rule of its own: the hour stands in `data.clocks`.
