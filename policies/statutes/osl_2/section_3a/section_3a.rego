# METADATA
# title: SFS 2009:400, 2 kap. 3 a § – Lagens tillämpningsområde
# description: |
#   Det som föreskrivs i tryckfrihetsförordningen om rätt att ta del av allmänna handlingar hos myndigheter ska i tillämpliga delar också gälla handlingar hos enskilda juridiska personer som är godkända som huvudmän inom skolväsendet enligt 2 kap. 5 § skollagen (2010:800), om handlingarna hör till den verksamhet som omfattas av godkännandet. Sådana huvudmän ska vid tillämpningen av denna lag jämställas med myndigheter.
#
#   För sådana huvudmän som avses i 29 kap. 15 § skollagen gäller dock 29 kap. 16-16 e §§ skollagen i stället för 2 kap. 6 § andra stycket, 15, 16 och 18 §§ tryckfrihetsförordningen och 4 kap. 1 § första stycket 1 och 2 § och 5 kap. 1 och 2 §§ denna lag.
# custom:
#   ref: OSL 2:3 a
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2027-01-01"
#   amended_by: Lag (2026:714)
#   as_of: "2026-08-18"
#   doubts: []
package statutes.osl_2.section_3a

# "enskilda juridiska personer som är godkända som huvudmän inom skolväsendet … jämställas med myndigheter"
equated(party) if {
	"school" in party.kinds
	party.principal == "private"
	input.day >= 20270101
}
