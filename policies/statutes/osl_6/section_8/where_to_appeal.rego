# METADATA
# title: SFS 2009:400, 6 kap. 8 § – Överinstanser
# description: |
#   Beslut som avses i 7 § första och andra styckena överklagas till kammarrätt, om inte annat följer av andra-femte styckena.
#
#   Beslut som meddelats av kammarrätt och som gäller handling i domstolens rättskipande, rättsvårdande eller administrativa verksamhet överklagas av andra än statliga myndigheter till Högsta förvaltningsdomstolen.
#
#   Beslut som meddelats av tingsrätt och som gäller handling i domstolens rättskipande eller rättsvårdande verksamhet överklagas av andra än statliga myndigheter till hovrätt. Motsvarande beslut av hovrätt överklagas av andra än statliga myndigheter till Högsta domstolen.
#
#   Beslut som avses i 7 § andra stycket och som meddelats av en statlig myndighet som lyder under regeringen överklagas av en annan sådan myndighet till regeringen.
#
#   Av 2 kap. 19 § tryckfrihetsförordningen följer att ett beslut av ett statsråd överklagas till regeringen.
# custom:
#   ref: OSL 6:8
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2009-06-30"
#   amended_by: Lag (2018:1919)
#   as_of: "2026-08-18"
#   doubts: []
package statutes.osl_6.section_8

import data.facts
import data.statutes.osl_2.section_3a
import data.statutes.osl_6.section_7

# "överklagas till kammarrätt, om inte annat följer"
to := "kammarratten" if {
	section_7.appealable
	not _between_state_authorities
	not _court(facts.holder)
}

# "en statlig myndighet som lyder under regeringen … av en annan sådan myndighet till regeringen"
to := "regeringen" if _between_state_authorities

# A court's own decision goes another way, by what sort of court it is.
to := "court_of_appeal" if _court(facts.holder)

# No authority decides: there is no decision to appeal under this chapter.
to := "none" if {
	not section_7.appealable
	not section_3a.unclear(facts.holder)
}

# A private school that may be equated with an authority: then it is appealed, else not.
to := "unclear" if section_3a.unclear(facts.holder)

_between_state_authorities if {
	_under_the_government(facts.holder)
	_under_the_government(facts.receiver)
}

_under_the_government(party) if {
	"state_authority" in party.kinds
	not party.authority in {"riksdagens-ombudsman", "justitieombudsmannen", "riksrevisionen", "sveriges-riksbank", "riksbanken"}
}

_court(party) if "court" in party.kinds
