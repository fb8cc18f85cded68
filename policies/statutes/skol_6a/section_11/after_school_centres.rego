# METADATA
# title: SFS 2010:800, 6 a kap. 11 § – Anmälan till Polismyndigheten vid misstanke om brott
# description: |
#   För fritidshem som inte är integrerade med en skolenhet eller förskoleenhet gäller skyldigheten att anmäla brott enligt 10 § för den personal som huvudmannen utser.
# custom:
#   ref: skollagen 6 a:11
#   statute: Skollag (2010:800)
#   in_force: "2025-07-01"
#   amended_by: Lag (2025:625)
#   as_of: "2026-08-20"
#   doubts: []
package statutes.skol_6a.section_11

# "för fritidshem som inte är integrerade …: den personal som huvudmannen utser"
designated(party) if {
	party.unit == "leisure"
	party.role == "designated_staff"
}
