# METADATA
# title: SFS 2026:1235, 7 § – En timme
# description: |
#   Den värdtjänstleverantör som tar emot ett föreläggande ska avlägsna rekryteringsinnehållet eller göra det oåtkomligt online så snart som möjligt och senast inom en timme från det att föreläggandet har tagits emot.
#
#   Om det är tillräckligt att innehållet görs oåtkomligt i en eller flera stater ska den behöriga myndigheten ange det i föreläggandet.
# custom:
#   ref: 2026:1235 7 §
#   statute: Lag (2026:1235) om avlägsnande av rekryteringsinnehåll online
#   in_force: "2026-07-15"
#   as_of: "2026-08-19"
#   doubts: []
package statutes.sfs_2026_1235.section_7

# No rule of its own: the hour stands in `data.clocks`.
