# METADATA
# title: SFS 2009:400, 10 kap. 28 § – Ytterligare sekretessbrytande bestämmelser och undantag från sekretess
# description: |
#   Sekretess hindrar inte att en uppgift lämnas till en annan myndighet, om uppgiftsskyldighet följer av lag eller förordning.
#
#   Ytterligare sekretessbrytande bestämmelser och bestämmelser om undantag från sekretess finns i anslutning till berörda sekretessbestämmelser i avdelning IV-VI.
# custom:
#   ref: OSL 10:28
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2009-06-30"
#   as_of: "2026-08-18"
#   doubts: []
package statutes.osl_10.section_28

# No rule of its own: it is why the duties, in their packages, reach every secrecy.
