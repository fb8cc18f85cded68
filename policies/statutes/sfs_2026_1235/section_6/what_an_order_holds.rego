# METADATA
# title: SFS 2026:1235, 6 § – Krav på föreläggandet
# description: |
#   Föreläggandet ska uppfylla de krav som följer av artikel 9.2 i EU:s förordning om digitala tjänster.
# custom:
#   ref: 2026:1235 6 §
#   statute: Lag (2026:1235) om avlägsnande av rekryteringsinnehåll online
#   in_force: "2026-07-15"
#   as_of: "2026-08-19"
#   doubts:
#     - en: "The fields of article 9.2 are taken from summaries of the regulation, not from its text."
#       sv: "Uppgifterna enligt artikel 9.2 är hämtade från sammanfattningar av förordningen, inte från dess text."
package statutes.sfs_2026_1235.section_6

# Article 9.2 of regulation (EU) 2022/2065, field by field; the issuing authority is the message's sender, and the
# provider's contact point its recipient.
fields := {
	"legal_basis", "reasons", "provision", "locators", "redress", "effect_to", "territory", "language",
}

given contains field if {
	some field in input.stated.given
	field in (fields - {"legal_basis"})
}

# "en hänvisning till den rättsliga grunden": the power to order, 5 §, with or without its stycke.
given contains "legal_basis" if input.stated.legal_basis.provision == data.law.grounds.takedown.ref
