# METADATA
# title: Öppen uppgift – ingen sekretess, ingen person, inga små tal
# description: |
#   Uppgiften omfattas inte av sekretess och rör ingen enskild person; antal under fem lämnas inte ut.
# custom:
#   ref: "–"
#   statute: –
#   as_of: "2026-11-01"
#   doubts:
#     - en: "No statute is applied here: the limit of five is the broker's own (small numbers)."
#       sv: "Ingen författning tillämpas: gränsen fem är förmedlarens egen (små tal)."
#   ground: open_information
#   order: 32
package statutes.unregulated.open_information

import data.facts

conditions := {"not_secret", "no_person"}

# Nothing of the parties: what is asked for holds of an item or not.
holds := set()

holds_for[i] contains "not_secret" if some i in facts.under_no_secrecy

holds_for[i] contains "no_person" if some i in facts.about_nobody

reaches_all := true
