# METADATA
# title: SFS 1964:167, 11 § – Personutredning
# description: |
#   I fråga om den som misstänks för att ha begått brott innan han eller hon fyllt arton år ska åklagaren, innan beslut fattas i åtalsfrågan, inhämta yttrande från socialnämnden i den kommun som enligt socialtjänstlagen (2025:400) har ansvaret för den unge, om denne har erkänt gärningen eller det annars finns skälig misstanke att han eller hon har begått brottet och sådant yttrande inte inhämtats under förundersökningen. Yttrande behöver inte inhämtas om brottet är ringa, om det är uppenbart att det finns förutsättningar för straffvarning eller åtalsunderlåtelse eller om det annars är obehövligt.
#
#   Om förundersökningen gäller brott på vilket fängelse kan följa, ska, om möjligt, undersökningsledaren begära ett sådant yttrande som avses i första stycket senast i samband med delgivning av brottsmisstanke enligt 23 kap. 18 § första stycket rättegångsbalken.
#
#   Ett yttrande ska innehålla en redogörelse för vilka åtgärder som nämnden tidigare har vidtagit i fråga om den unge samt en bedömning av om den unge har ett särskilt behov av åtgärder som syftar till att motverka att han eller hon utvecklas ogynnsamt. Yttrandet ska i förekommande fall även innehålla en redovisning av i vilken utsträckning den unge fullgjort en sådan tidigare utdömd ungdomsvård eller ungdomstjänst som nämnden har uppgift om. Vidare ska yttrandet innehålla en redovisning av de åtgärder som nämnden avser att vidta. Åtgärderna ska redovisas i ett ungdomskontrakt om de vidtas med stöd av socialtjänstlagen och i en vårdplan om de vidtas med stöd av lagen (1990:52) med särskilda bestämmelser om vård av unga. Arten, omfattningen och varaktigheten av åtgärderna ska framgå av kontraktet eller vårdplanen. Yttrandet ska, om undersökningsledaren eller, i de fall som avses i första stycket, åklagaren begär det eller om nämnden finner det nödvändigt, även innehålla en redogörelse för den unges personliga utveckling och levnadsomständigheter i övrigt. Ett yttrande ska också innehålla en bedömning av om ungdomstjänst är en lämplig påföljd med hänsyn till den unges person och övriga omständigheter.
#
#   Nämnden ska även utan samband med yttrande lämna den som har ansvar för att inhämta yttrande de upplysningar som denne begär i fråga om den unge.
# custom:
#   ref: 1964:167 11 §
#   statute: Lag (1964:167) med särskilda bestämmelser om unga lagöverträdare
#   in_force: "1965-01-01"
#   wording_known_from: "2025-07-01"
#   ceases: "2027-01-01"
#   amended_by: Lag (2025:405)
#   as_of: "2026-08-22"
#   coming:
#     - from: "2027-01-01"
#       amended_by: Lag (2026:1608)
#       third_paragraph: Ett yttrande ska innehålla en redogörelse för vilka åtgärder som nämnden tidigare har vidtagit i fråga om den unge samt en bedömning av om den unge har ett särskilt behov av åtgärder som syftar till att motverka att han eller hon utvecklas ogynnsamt. Yttrandet ska i förekommande fall även innehålla en redovisning av i vilken utsträckning den unge fullgjort en sådan tidigare utdömd ungdomsvård eller ungdomstjänst som nämnden har uppgift om. Vidare ska yttrandet innehålla en redovisning av de åtgärder som nämnden avser att vidta. Åtgärderna ska redovisas i ett ungdomskontrakt om de vidtas med stöd av socialtjänstlagen och i en vårdplan om de vidtas med stöd av lagen (2026:1600) om omhändertagande för vård av barn och unga. Arten, omfattningen och varaktigheten av åtgärderna ska framgå av kontraktet eller vårdplanen. Yttrandet ska, om undersökningsledaren eller, i de fall som avses i första stycket, åklagaren begär det eller om nämnden finner det nödvändigt, även innehålla en redogörelse för den unges personliga utveckling och levnadsomständigheter i övrigt. Ett yttrande ska också innehålla en bedömning av om ungdomstjänst är en lämplig påföljd med hänsyn till den unges person och övriga omständigheter.
#     - from: "2027-01-02"
#       amended_by: Lag (2026:1643)
#       third_paragraph: Ett yttrande ska innehålla en redogörelse för vilka åtgärder som nämnden tidigare har vidtagit i fråga om den unge samt en bedömning av om den unge har ett särskilt behov av åtgärder som syftar till att motverka att han eller hon utvecklas ogynnsamt. Yttrandet ska i förekommande fall även innehålla en redovisning av i vilken utsträckning den unge fullgjort en sådan tidigare utdömd ungdomsvård eller ungdomstjänst som nämnden har uppgift om. Vidare ska yttrandet innehålla en redovisning av de åtgärder som nämnden avser att vidta. Åtgärderna ska redovisas i ett ungdomskontrakt om de vidtas med stöd av socialtjänstlagen, en särskild genomförandeplan om de vidtas med stöd av lagen (2026:1637) om insatser inom socialtjänsten när samtycke saknas och en vårdplan om de vidtas med stöd av lagen (2026:1600) om omhändertagande för vård av barn och unga. Arten, omfattningen och varaktigheten av åtgärderna ska framgå av kontraktet, den särskilda genomförandeplanen eller vårdplanen. Yttrandet ska, om undersökningsledaren eller, i de fall som avses i första stycket, åklagaren begär det eller om nämnden finner det nödvändigt, även innehålla en redogörelse för den unges personliga utveckling och levnadsomständigheter i övrigt. Ett yttrande ska också innehålla en bedömning av om ungdomstjänst är en lämplig påföljd med hänsyn till den unges person och övriga omständigheter.
#   doubts:
#     - en: "The last paragraph, on which the duty to inform rests, reads the same in the wordings of 2027-01-01 (2026:1608) and 2027-01-02 (2026:1643): only the plans named in the third differ."
#       sv: "Sista stycket, som uppgiftsskyldigheten vilar på, lyder likadant från den 1 januari 2027 (2026:1608) och den 2 januari 2027 (2026:1643): bara planerna i tredje stycket är andra."
#     - en: "Whether Ekobrottsmyndigheten or Tullverket is \"den som har ansvar för att inhämta yttrande\" is open."
#       sv: "Om Ekobrottsmyndigheten eller Tullverket är ”den som har ansvar för att inhämta yttrande” är en öppen fråga."
#     - en: "That \"upplysningar … i fråga om den unge\" may concern others than the young person is open."
#       sv: "Om ”upplysningar … i fråga om den unge” kan röra andra än den unge är en öppen fråga."
#     - en: "A request that claims nothing, answered without claiming this ground, may be another one than that of 11 §: open."
#       sv: "En begäran utan angiven grund, besvarad utan att denna grund anges, kan vara en annan än den som avses i 11 §: en öppen fråga."
#   ground: lul_11
#   order: 39
#   holder: [social_services]
#   receiver: [aklagarmyndigheten, polismyndigheten, ekobrottsmyndigheten, tullverket]
#   duty: true
#   reaches_unnamed: true
package statutes.lul.section_11

import data.facts
import data.offences

conditions := {"holder", "receiver", "request", "purpose", "claimed", "person", "suspect", "age_then", "offence"}

uses := {"offence"}

# "Nämnden ska … lämna"
holds contains "holder" if facts.social_board(facts.holder)

# "den som har ansvar för att inhämta yttrande": the prosecutor, or whoever leads the investigation
holds contains "receiver" if facts.receiver.authority in {"aklagarmyndigheten", "polismyndigheten"}

# [I] others who lead investigations
open contains "receiver" if facts.receiver.authority in {"ekobrottsmyndigheten", "tullverket"}

# "de upplysningar som denne begär"
holds_for[i] contains "request" if some i in facts.on_request

# "innan beslut fattas i åtalsfrågan", "förundersökningen"
holds_for[i] contains "purpose" if some i in facts.for_purpose({"investigate", "prosecute"})

# The request is that of 11 §: it says so, or, where it claims nothing, the board does. [I] where neither does.
_claimed if "lul_11" in input.request_basis

_claimed if {
	count(input.request_basis) == 0
	"lul_11" in input.basis
}

holds contains "claimed" if _claimed

unknown contains "claimed"

doubts if {
	not facts.asking
	not _claimed
}

# What would settle it (policies/missing): where the request claims nothing, under what it was made.
settling[i].claimed := {{"fact": "claimed"}} if {
	count(input.request_basis) == 0
	some i, _ in input.items
}

# "i fråga om den unge"
holds_for[i] contains "person" if some i in facts.about_subject

open_for[i] contains "person" if some i in facts.beside_subject

# "den som misstänks för att ha begått brott"
holds contains "suspect" if {
	facts.committed
	input.offence.subject_is == "suspect"
}

# Claimed, and of the offence nothing is said. With nothing claimed it means that no offence is in it.
_unstated if {
	is_null(input.offence)
	_claimed
}

unknown contains "suspect" if _unstated

# "innan han eller hon fyllt arton år": on the offence's day, whatever the age today
holds contains "age_then" if {
	input.offence.subject_age != null
	input.offence.subject_age < 18
}

unknown contains "age_then" if input.offence.subject_age == null

unknown contains "age_then" if {
	input.offence.subject_age >= 18
	not input.offence_dated
}

unknown contains "age_then" if _unstated

# What would settle it (policies/missing): the day, the age, or which offence it is.
_of_age := "offence_date" if {
	input.offence.subject_age >= 18
	not input.offence_dated
} else := "age" if {
	input.offence != null
} else := "offence" if {
	_unstated
	input.persons[input.subject].age < 18
}

settling[i].age_then := {{"fact": _of_age}} if some i, _ in input.items

# "Om förundersökningen gäller brott på vilket fängelse kan följa" (second paragraph): of what undersökningsledaren asks for.
_by_the_prosecutor if facts.receiver.authority == "aklagarmyndigheten"

_prison := offences.both(offences.prison(input.offence), offences.punishable(input.offence))

holds contains "offence" if _by_the_prosecutor

holds contains "offence" if _prison == "reached"

unknown contains "offence" if _prison == "unknown"

unknown contains "offence" if _unstated

unknown contains "wording_unknown" if {
	not _by_the_prosecutor
	offences.wording_unknown(input.offence)
}

doubts if {
	not _by_the_prosecutor
	offences.near_inferred_day(input.offence)
}

reaches_all := true
