# METADATA
# title: SFS 2025:400, 15 kap. 7 § – Uppgiftslämnande till vissa myndigheter
# description: |
#   Socialnämnden ska lämna
#   1. uppgifter om huruvida någon vistas i ett familjehem, stödboende, skyddat boende eller hem för vård eller boende, om uppgifterna i ett enskilt fall begärs av en domstol, en åklagarmyndighet, Polismyndigheten, Säkerhetspolisen, Kronofogdemyndigheten, Skatteverket eller Tullverket,
#   2. uppgifter som behövs i ett ärende hos Skatteverket om skyddad folkbokföring enligt 16 § folkbokföringslagen (1991:481), eller
#   3. uppgifter om en studerande, om uppgifterna behövs för prövning av ett ärende om att avskilja denne från högskoleutbildning eller polisprogrammet.
# custom:
#   ref: SoL 15:7
#   statute: Socialtjänstlag (2025:400)
#   in_force: "2025-07-01"
#   as_of: "2026-08-18"
#   doubts:
#     - en: "Whether Ekobrottsmyndigheten is an \"åklagarmyndighet\" here is open."
#       sv: Om Ekobrottsmyndigheten är en ”åklagarmyndighet” i paragrafens mening är en öppen fråga.
#   ground: sol_15_7
#   order: 27
#   holder: [social_services]
#   receiver: [aklagarmyndigheten, polismyndigheten, sakerhetspolisen, kronofogdemyndigheten, skatteverket, tullverket, ekobrottsmyndigheten, court]
#   categories: [stay_in_care]
#   duty: true
#   reaches_unnamed: true
package statutes.sol_15.section_7

import data.facts

conditions := {"holder", "receiver", "person", "request", "category", "particular_case"}

uses := {"particular_case"}

# "Socialnämnden", so not Statens institutionsstyrelse
holds contains "holder" if facts.social_board(facts.holder)

# "en domstol, en åklagarmyndighet, Polismyndigheten, Säkerhetspolisen, Kronofogdemyndigheten, Skatteverket eller Tullverket"
_receivers := {
	"aklagarmyndigheten", "polismyndigheten", "sakerhetspolisen",
	"kronofogdemyndigheten", "skatteverket", "tullverket",
}

holds contains "receiver" if facts.receiver.authority in _receivers

holds contains "receiver" if "court" in facts.receiver.kinds

# [I] whether Ekobrottsmyndigheten is "en åklagarmyndighet".
open contains "receiver" if facts.receiver.authority == "ekobrottsmyndigheten"

holds_for[i] contains "person" if some i in facts.about_somebody

# "om uppgifterna i ett enskilt fall begärs"
holds contains "particular_case" if "particular_case" in input.circumstances

holds_for[i] contains "request" if some i in facts.on_request

# "huruvida någon vistas"
holds_for[i] contains "category" if some i in facts.of_category({"stay_in_care"})

reaches_all := true
