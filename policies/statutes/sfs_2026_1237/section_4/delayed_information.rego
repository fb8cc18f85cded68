# METADATA
# title: SFS 2026:1237, 4 § – Senarelagd information till mottagaren
# description: |
#   Om det behövs med hänsyn till en pågående förundersökning eller av något annat särskilt skäl får Polismyndigheten besluta att senarelägga den tidpunkt då leverantören av förmedlingstjänster enligt artikel 9.5 i EU:s förordning om digitala tjänster ska informera den berörda tjänstemottagaren om det mottagna föreläggandet och den verkan det getts.
#
#   Tidpunkten ska anges i ett föreläggande enligt 5 § lagen (2026:1235) om avlägsnande av rekryteringsinnehåll online.
# custom:
#   ref: 2026:1237 4 §
#   statute: Förordning (2026:1237) om avlägsnande av rekryteringsinnehåll online
#   in_force: "2026-07-15"
#   as_of: "2026-08-19"
#   doubts: []
package statutes.sfs_2026_1237.section_4

# No rule of its own: the order may state the time (`notice_delayed_until`).
