# METADATA
# title: SFS 2025:400, 19 kap. 1 § – Myndigheter och yrkesverksamma
# description: |
#   Följande myndigheter och anställda hos sådana myndigheter samt följande andra yrkesverksamma personer är skyldiga att genast anmäla till socialnämnden om de i sin verksamhet får kännedom om eller misstänker att ett barn far illa:
#   1. myndigheter inom hälso- och sjukvården och tandvården,
#   2. myndigheter inom socialtjänsten,
#   3. myndigheter inom verksamheter enligt lagen (1993:387) om stöd och service till vissa funktionshindrade,
#   4. myndigheter och de som är verksamma inom verksamheter enligt skollagen (2010:800),
#   5. medlare som fått uppdrag enligt 6 kap. 18 a § föräldrabalken,
#   6. ordningsvakter som fått förordnande enligt lagen (2023:421) om ordningsvakter,
#   7. Arbetsförmedlingen,
#   8. Ekobrottsmyndigheten,
#   9. Försäkringskassan,
#   10. Kriminalvården,
#   11. Kronofogdemyndigheten,
#   12. Kustbevakningen,
#   13. länsstyrelserna,
#   14. Migrationsverket,
#   15. Polismyndigheten,
#   16. Rättsmedicinalverket i den del som avser rättspsykiatrisk undersökningsverksamhet,
#   17. Skatteverket,
#   18. Säkerhetspolisen,
#   19. Tullverket,
#   20. Åklagarmyndigheten,
#   21. andra myndigheter om myndighetens verksamhet berör barn och unga, och
#   22. de som är verksamma inom yrkesmässigt bedriven enskild verksamhet och fullgör uppgifter som berör barn och unga eller inom annan sådan verksamhet inom hälso- och sjukvården eller tandvården, på socialtjänstens område eller enligt lagen om stöd och service till vissa funktionshindrade.
#
#   För verksamma inom familjerådgivning gäller i stället för första stycket bestämmelserna i 2 §.
# custom:
#   ref: SoL 19:1
#   statute: Socialtjänstlag (2025:400)
#   in_force: "2025-07-01"
#   amended_by: Lag (2025:1501)
#   as_of: "2026-08-18"
#   doubts:
#     - en: "That a presumed age is enough for \"ett barn\" is an inference."
#       sv: "Att det räcker att någon kan antas vara under 18 år för att räknas som ”ett barn” är en tolkning."
#     - en: "Family counselling (19:2) and forensic psychiatry (point 16) are open; so is whether an association works \"yrkesmässigt\"."
#       sv: Vad som gäller för familjerådgivning (SoL 19:2) och rättspsykiatrisk undersökningsverksamhet (punkt 16) är öppna frågor, liksom om en förening är ”yrkesmässigt” bedriven verksamhet.
#   ground: sol_19_1
#   order: 25
#   receiver: [social_services]
#   duty: true
#   reaches_unnamed: true
package statutes.sol_19.section_1

import data.facts

conditions := {"holder", "receiver", "age"}

# A notification in its own kind (ConcernNotification): sending it states that the child may fare badly.
_notification if input.kind == "ConcernNotification"

# Points 1-4 and 22: health care, social services, schools, private care; a municipality's or region's work touches children.
in_circle(party) if {
	facts.municipality_or_region(party)
	not family_counselling(party)
}

in_circle(party) if "school" in party.kinds

in_circle(party) if {
	facts.private_care(party)
	not family_counselling(party)
}

in_circle(party) if party.authority == "statens-institutionsstyrelse"

# Points 7-20
in_circle(party) if facts.listed(data.statutes.sol_19.section_1.authorities, party.authority)

# Point 21: "andra myndigheter om myndighetens verksamhet berör barn och unga"
in_circle(party) if {
	facts.authority(party)
	party.works_with_children
	not family_counselling(party)
}

# "För verksamma inom familjerådgivning gäller i stället … 2 §"
family_counselling(party) if party.unit == "family_counselling"

holds contains "holder" if in_circle(facts.holder)

# [I] SoL 19:2 is narrower, and what it asks for is not in a message.
open contains "holder" if family_counselling(facts.holder)

# [I] point 16: only the forensic psychiatric examinations.
open contains "holder" if facts.holder.authority == "rattsmedicinalverket"

# [I] point 22: is an association that works with children "yrkesmässigt bedriven enskild verksamhet"?
open contains "holder" if facts.holder.works_with_children

holds contains "receiver" if facts.social_board(facts.receiver)

holds contains "receiver" if {
	_notification
	facts.social_board_desk(facts.receiver)
}

# "ett barn"
holds_for[i] contains "age" if some i in facts.protecting_under(18)

# [I] where the age is not known, but may be presumed.
_presumed contains i if {
	facts.presumed_under_18
	some i in facts.perhaps_protecting_under(18)
}

holds_for[i] contains "age" if some i in _presumed

doubts_for contains i if some i in _presumed

unknown_for[i] contains "age" if some i in facts.perhaps_protecting_under(18)

asks_for[i].child_at_risk if {
	not _notification
	some i, _ in input.items
}

# An answer to the contrary stops the notification.
asks_for[i].child_at_risk if some i in facts.answering("sol_19_1", "child_at_risk")

reaches_all := true

uses := {"presumed_under_18"}

# Where the age is known nothing is presumed.
idle[i] contains "presumed_under_18" if {
	some i, _ in input.items
	not i in facts.perhaps_protecting_under(18)
}
