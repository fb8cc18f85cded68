# METADATA
# title: SFS 2009:400, 10 kap. 22 § – Misstankar om vissa begångna brott mot unga
# description: |
#   Sekretess enligt 26 kap. 1 § hindrar inte att en uppgift lämnas till en åklagarmyndighet eller Polismyndigheten, om uppgiften angår misstanke om brott som innefattar överlåtelse eller anskaffning till någon som inte har fyllt arton år och brottet avser
#   1. överlåtelse av narkotika i strid med narkotikastrafflagen (1968:64),
#   2. överlåtelse av dopningsmedel i strid med lagen (1991:1969) om förbud mot vissa dopningsmedel, eller
#   3. icke ringa fall av olovlig försäljning eller anskaffning av alkoholdrycker enligt alkohollagen (2010:1622).
# custom:
#   ref: OSL 10:22
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2009-06-30"
#   amended_by: Lag (2017:1076)
#   as_of: "2026-08-18"
#   doubts:
#     - en: "Whether Ekobrottsmyndigheten is an \"åklagarmyndighet\" here is open."
#       sv: Om Ekobrottsmyndigheten är en ”åklagarmyndighet” i paragrafens mening är en öppen fråga.
#   ground: osl_22
#   order: 15
#   holder: [facts.social_services]
#   receiver: [aklagarmyndigheten, polismyndigheten, ekobrottsmyndigheten]
package statutes.osl_10.section_22

import data.facts
import data.offences

conditions := {"holder", "receiver", "committed", "victim", "offence"}

uses := {"offence"}

names := {"OSL 26:1"}

holds contains "holder" if facts.social_services(facts.holder)

# "en åklagarmyndighet eller Polismyndigheten"
holds contains "receiver" if facts.receiver.authority in {"aklagarmyndigheten", "polismyndigheten"}

# [I] whether Ekobrottsmyndigheten is "en åklagarmyndighet".
open contains "receiver" if facts.receiver.authority == "ekobrottsmyndigheten"

holds contains "committed" if facts.committed

# "riktats mot någon som inte har fyllt arton år"
holds contains "victim" if offences.victim_under_18(input.offence) == "yes"

unknown contains "victim" if offences.victim_under_18(input.offence) == "unknown"

# Points 1-3: narcotics, doping; alcohol unless the case is minor ("icke ringa fall")
holds contains "offence" if input.offence.provision.statute in {"1968:64", "1991:1969"}

holds contains "offence" if {
	input.offence.provision.statute == "2010:1622"
	input.offence.degree in {"normal", "gross", "very_gross"}
}

unknown contains "offence" if {
	input.offence.provision.statute == "2010:1622"
	input.offence.degree == null
}

asks := {"suspicion": true}
