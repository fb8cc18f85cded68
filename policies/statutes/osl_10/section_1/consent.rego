# METADATA
# title: SFS 2009:400, 10 kap. 1 § – Samtycke
# description: |
#   Att sekretess till skydd för en enskild inte hindrar att en uppgift lämnas till en annan enskild eller till en myndighet, om den enskilde samtycker till det, följer av 12 kap. och gäller med de begränsningar som anges där.
# custom:
#   ref: OSL 10:1
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2009-06-30"
#   as_of: "2026-08-18"
#   doubts: []
package statutes.osl_10.section_1

# No rule of its own: "följer av 12 kap.", so the rule stands in OSL 12:2.
