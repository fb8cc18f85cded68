# METADATA
# title: SFS 2009:400, 12 kap. 2 § – Sekretess i förhållande till den enskilde själv
# description: |
#   En enskild kan helt eller delvis häva sekretess som gäller till skydd för honom eller henne, om inte annat anges i denna lag.
#
#   Om en enskild samtycker till att en uppgift som är sekretessbelagd till skydd för honom eller henne lämnas till en annan enskild endast under förutsättning att myndigheten gör ett förbehåll som inskränker den enskilde mottagarens rätt att lämna uppgiften vidare eller utnyttja den, ska myndigheten göra ett sådant förbehåll när uppgiften lämnas ut.
#
#   Att den tystnadsplikt som uppkommer genom ett sådant förbehåll som anges i andra stycket inskränker den rätt att meddela och offentliggöra uppgifter som följer av 1 kap. 1 och 7 §§ tryckfrihetsförordningen och 1 kap. 1 och 10 §§ yttrandefrihetsgrundlagen följer av 13 kap. 5 § andra stycket.
# custom:
#   ref: OSL 12:2
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2009-06-30"
#   amended_by: Lag (2018:1919)
#   as_of: "2026-08-18"
#   doubts:
#     - en: "That with consent a private sender does not disclose \"obehörigen\" (without authority) is an inference."
#       sv: Att uppgiften genom samtycke inte röjs ”obehörigen” när avsändaren är en enskild verksamhet är en tolkning.
#     - en: That consent never lifts secrecy for public interests (ch. 15-20) or for another person's data is an inference.
#       sv: Att samtycke aldrig häver sekretess till skydd för allmänna intressen (15-20 kap. OSL) eller för uppgifter om någon annan är en tolkning.
#   ground: consent
#   order: 30
package statutes.osl_12.section_2

import data.facts
import data.programmes
import data.reach
import data.statutes.osl_12.section_3

_id := "consent"

conditions := {"consent", "out_of_agreement"}

uses := {"purpose"}

# Nothing of the parties: what is asked for holds of an item or not.
holds := set()

# In a CaseSharing the consent alone does not carry: the programme's agreement must reach the item too.
holds_for[i] contains "out_of_agreement" if some i in programmes.shared

unknown_for[i] contains "out_of_agreement" if some i in programmes.perhaps_shared

settling[i].out_of_agreement := {{"fact": "municipality"}} if some i in programmes.perhaps_shared

# Each person whom the item concerns must have lifted the secrecy that protects him or her.
holds_for[i] contains "consent" if {
	item := input.items[i]
	_lifted(item) - {"yes", "confirm"} == set()
	count(_lifted(item)) > 0
}

unknown_for[i] contains "consent" if {
	item := input.items[i]
	"open" in _lifted(item)
	not "no" in _lifted(item)
}

_lifted(item) := {section_3.lifted(person, item) | some person in facts.concerned(item)}

# What would lift it: a consent, or the signatures that one lacks. Nobody who has said no is asked again.
settling[i].consent := {part | some person in facts.concerned(item); some part in section_3.lacks(person, item)} if {
	item := input.items[i]
	every person in facts.concerned(item) {
		section_3.lacks(person, item)
	}
}

# What another has registered, the holder sees to before it relies on it.
asks_for[i].consent_confirmed if {
	item := input.items[i]
	"confirm" in _lifted(item)
}

# A brake when false, whoever registered it.
asks_for[i].consent_confirmed if some i in facts.answering(_id, "consent_confirmed")

# Brakes: seen to, they tell nothing of why it goes out.
idle[i] contains "consent_confirmed" if {
	item := input.items[i]
	not "confirm" in _lifted(item)
}

idle[i] contains "maturity" if some i, _ in input.items

# [I] one guardian's no beside another's yes (FB 6:13).
open_for[i] contains "guardians_differ" if {
	item := input.items[i]
	some person in facts.concerned(item)
	section_3.guardians_differ(person, item)
}

# [I] a later no by a child under 15, or by one of several guardians (FB 6:13).
open_for[i] contains "later_no" if {
	item := input.items[i]
	some person in facts.concerned(item)
	section_3.said_no_later(person, item)
}

# [I] an agreement between the two asks for more signatures than there are.
open_for[i] contains "more_signatures" if {
	item := input.items[i]
	some person in facts.concerned(item)
	section_3.more_signatures(person, item)
}

# [I] a guardian is absent or must not know, or a child under 15 says no: who then disposes is open (OSL 12:3, FB 6:13).
open_for[i] contains "who_disposes" if {
	some i, item in input.items
	some person in facts.concerned(item)
	section_3.who_disposes(person, item)
}

# A brake when false, never asked for.
asks_for[i].maturity if some i in facts.answering(_id, "maturity")

# [I] from a private sender consent makes the disclosure not "obehörigt" (skollagen 29:14, PSL 6:12).
doubts if not facts.authority(facts.holder)

# [I] in a programme with one who does not usually take part in it: the agreement that both have sent decides.
doubts if programmes.unusual

# [I] "sekretess som gäller till skydd för honom eller henne": never the informant's, nor secrecy for public interests.
doubts_for contains i if {
	item := input.items[i]
	some provision in item.secrecy
	not _lifts(provision)
}

_informants := {"OSL 25:7", "OSL 26:5", "OSL 35:2"}

_lifts(provision) if {
	not reach.named(_informants, provision)
	not _public_interest(provision)
}

_public_interest(provision) if {
	provision.statute == "OSL"
	provision.chapter >= 15
	provision.chapter <= 20
}

reached[i] contains provision.named if {
	item := input.items[i]
	some provision in item.secrecy
	_lifts(provision)
}
