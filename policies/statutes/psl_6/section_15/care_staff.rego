# METADATA
# title: SFS 2010:659, 6 kap. 15 § – Tystnadsplikt m.m.
# description: |
#   Utöver vad som annars följer av lag eller förordning är hälso- och sjukvårdspersonalen skyldig att lämna ut sådana uppgifter som
#   1. gäller huruvida någon vistas på en sjukvårdsinrättning, om uppgifterna i ett enskilt fall begärs av en domstol, en åklagarmyndighet, Polismyndigheten, Säkerhetspolisen, Kronofogdemyndigheten, Skatteverket, Tullverket eller, under höjd beredskap, av Försvarsmakten,
#   2. begärs av Säkerhetspolisen i ett enskilt fall och behövs i myndighetens verksamhet för personskydd för
#   a) statschefen, tronföljaren, en annan medlem av kungahuset, en talman, en riksdagsledamot, statsministern, ett statsråd, en statssekreterare eller kabinettssekreteraren,
#   b) en person vars personskydd Säkerhetspolisen ansvarar för i samband med statsbesök och liknande händelser, eller
#   c) en person som Säkerhetspolisen i ett enskilt fall har beslutat om personskydd för,
#   3. begärs av Säkerhetspolisen i ett enskilt fall och behövs i myndighetens verksamhet för att förebygga, förhindra eller upptäcka brottslig verksamhet som innefattar terroristbrottslighet eller brott enligt 18 eller 19 kap. brottsbalken eller annat brott mot Sveriges säkerhet,
#   4. behövs för en rättsmedicinsk undersökning,
#   5. Socialstyrelsens råd för vissa rättsliga, sociala och medicinska frågor behöver för sin verksamhet,
#   6. behövs för prövning av ett ärende om att avskilja en studerande från högskoleutbildning eller polisprogrammet, eller
#   7. behövs för prövning av någons lämplighet att ha körkort, traktorkort eller taxiförarlegitimation enligt taxitrafiklagen (2012:211).
# custom:
#   ref: PSL 6:15
#   statute: Patientsäkerhetslag (2010:659)
#   in_force: "2025-04-01"
#   amended_by: Lag (2025:1398)
#   as_of: "2026-08-17"
#   doubts:
#     - en: "Points 2 and 3 (Säkerhetspolisen may get more) are not modelled: open."
#       sv: Punkterna 2 och 3 (Säkerhetspolisen kan få ut fler uppgifter) prövas inte här utan lämnas öppna.
#     - en: The day in force is inferred (SFS 2025:180); the text here is as amended by the later Lag (2025:1398).
#       sv: Dagen för ikraftträdandet är en slutsats (SFS 2025:180); texten återges i lydelsen enligt den senare lagen (2025:1398).
#     - en: "Whether Ekobrottsmyndigheten is an \"åklagarmyndighet\" here is open."
#       sv: Om Ekobrottsmyndigheten är en ”åklagarmyndighet” i paragrafens mening är en öppen fråga.
#   ground: psl_6_15
#   order: 28
#   holder: [facts.health_care, private_health_care]
#   receiver: [aklagarmyndigheten, polismyndigheten, sakerhetspolisen, kronofogdemyndigheten, skatteverket, tullverket, ekobrottsmyndigheten, court]
#   duty: true
#   reaches_unnamed: true
#   doubtful: true
package statutes.psl_6.section_15

import data.facts

conditions := {"holder", "receiver", "person", "request", "category", "particular_case"}

uses := {"particular_case"}

# "hälso- och sjukvårdspersonalen", public or private
holds contains "holder" if facts.health_care(facts.holder)

holds contains "holder" if "private_health_care" in facts.holder.kinds

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

# [I] points 2 and 3: Säkerhetspolisen may get more, for personal protection and against terrorism.
open_for[i] contains "category" if {
	facts.receiver.authority == "sakerhetspolisen"
	some i, _ in input.items
}

reaches_all := true
