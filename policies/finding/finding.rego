# METADATA
# title: What each ground finds on each item
# description: Takes a paragraph's conditions, readings, answers and reach together. Undefined is never yes; only conditions that hold count.
package finding

import data.facts
import data.reach
import data.statutes.osl_12.section_3 as consents
import data.statutes.osl_2.section_3a

# Conditions that a request is held to: the parties, the purpose and the kind of information, not what nobody knows yet.
known_when_asked := {
	"holder", "activity", "receiver", "s170_2", "s170_3", "request", "own_initiative", "category", "matter", "purpose",
	"person", "no_person", "order",
}

claimed if count(input.basis) > 0

own_grounds := data.law.kinds[input.kind].grounds if data.law.kinds[input.kind].grounds != null

# A kind that rests on grounds of its own tries those. With no ground claimed any may carry, except those that are tried
# only when claimed; a sharing in a crime alliance claims its duty by its programme.
tried := named if {
	named
} else := {ground | some ground, row in data.law.grounds; row.only_for == null; not row.only_when_claimed} | by_programme

named := {ground | some ground in input.basis; data.law.grounds[ground]} if {
	claimed
} else := {ground | some ground in own_grounds} if {
	own_grounds
}

# Of these, what may carry between such parties, by the paragraphs' annotations: of the rest none does whatever else is
# asked, and nothing that could be stated would change that.
candidates := named if {
	named
} else := {ground |
	some holder in _words(facts.holder)
	row := data.law.candidates[holder]
	some receiver in _words(facts.receiver)
	some ground in row[receiver]
	_of_such(data.law.grounds[ground].categories)
} | by_programme

_words(party) := {"*", party.authority, party.unit, party.role} | {kind | some kind in party.kinds}

_of_such(categories) if categories == null

_of_such(categories) if {
	some item in input.items
	item.category in categories
}

by_programme := {"s2016_774"} if {
	input.programme == "crime_alliance"
} else := set()

# --- how a ground stands: "yes" it carries, "refer" it lacks only an answer; undefined where it does not carry

status[ground][i] := ground_status(ground, i, unmet[ground]) if {
	some ground in candidates
	some i, _ in input.items
}

# The same of some grounds alone, for who asks of another question than the message's.
with_status(grounds) := {[ground, i] |
	some ground in grounds
	some i, _ in input.items
	ground_status(ground, i, unmet_of(ground))
}

ground_status(ground, i, conditions) := yes_or_refer(ground, statute, section, i, of_secrecy.unclear) if {
	row := data.law.grounds[ground]
	in_force(row)
	for_kind(row)
	[statute, section] := row.at
	not fails(statute, section, i, conditions)
	not contradicted(ground, i, input.items[i].answers)
	of_secrecy := reach_on(ground, i)
	of_secrecy.unreached == set()
}

# What most grounds have not stands first: no answer is asked for on a ground that is out of the question.
contradicted(ground, i, answers) if {
	answers != {}
	against(ground, i) != set()
}

yes_or_refer(ground, statute, section, i, unclear) := "refer" if {
	not facts.asking
	unanswered(ground, i) != set()
} else := "refer" if {
	denies_that_none_applies(ground, i)
} else := "refer" if {
	awaited(statute, section, i)
} else := "refer" if {
	data.law.grounds[ground].known_from > input.day
} else := "refer" if {
	unclear != set()
} else := "refer" if {
	for_another(statute, section, i)
} else := "yes"

# What `explain` shows of a ground on an item.
explained[ground][i] := {
	"status": status_text(ground, i),
	"failing": failing(ground, i),
	"against": against(ground, i),
	"unanswered": unanswered(ground, i),
	"asks": (object.keys(asks(ground, i)) | {no_provision | asks_of_secrecy(ground, i)}),
	"open": (not_held(open(ground, i), ground, i) | {"secrecy_not_named" | denies_that_none_applies(ground, i)}),
	"unknown": not_known(ground, i),
	"unreached": of_secrecy.unreached,
	"reached": (of_secrecy.reached | of_secrecy.unclear),
	"unclear": of_secrecy.unclear,
	"without_stycke": of_secrecy.without_stycke,
	"consent_lacks": consent_lacks(ground, i),
	"refer_to": refer_to(ground, i),
	"wording_unknown": wording_unknown(ground, i),
	"wrong_age": wrong_age(ground, i),
	"doubtful": doubtful(ground, i),
} if {
	some ground in tried
	some i, _ in input.items
	of_secrecy := reach_on(ground, i)
}

# Of a consent that does not carry: what it lacks, for each person whom the item concerns.
consent_lacks(ground, i) := {lack |
	ground == "consent"
	item := input.items[i]
	some person in facts.concerned(item)
	consents.lifted(person, item) == "no"
	some lack in consents.short_of(person, item)
}

status_text(ground, i) := status[ground][i]

status_text(ground, i) := "no" if not status[ground][i]

# --- its conditions: what holds, which reading is open, which fact is not known, for every item or for this one

holds_on(statute, section, i, condition) if {
	condition in data.statutes[statute][section].holds
} else if {
	condition in data.statutes[statute][section].holds_for[i]
}

# What every item must meet by itself: it does not hold for all, and neither is its reading open nor the fact not known.
unmet[ground] := unmet_of(ground) if some ground in candidates

unmet_of(ground) := counted((lacking - open_for_all(statute, section)) - unknown_for_all(statute, section)) if {
	[statute, section] := data.law.grounds[ground].at
	lacking := data.statutes[statute][section].conditions - data.statutes[statute][section].holds
}

_unmet(ground) := unmet[ground] if {
	unmet[ground]
} else := unmet_of(ground)

open_for_all(statute, section) := conditions if {
	conditions := data.statutes[statute][section].open
} else := set()

unknown_for_all(statute, section) := conditions if {
	conditions := data.statutes[statute][section].unknown
} else := set()

# Of these conditions, what an item neither meets nor may meet by itself.
_left(statute, section, i, conditions) := set() if {
	left := (conditions - {"function"}) - _holds_for(statute, section, i)
	left == set()
} else := ((conditions - {"function"}) - _holds_for(statute, section, i)) - (_unknown_for(statute, section, i) | _open_for(statute, section, i))

_holds_for(statute, section, i) := conditions if {
	conditions := data.statutes[statute][section].holds_for[i]
} else := set()

_unknown_for(statute, section, i) := conditions if {
	conditions := data.statutes[statute][section].unknown_for[i]
} else := set()

_open_for(statute, section, i) := conditions if {
	conditions := data.statutes[statute][section].open_for[i]
} else := set()

# A request is not held to what nobody knows yet; but to the offence, where it is stated.
counted(conditions) := conditions if {
	not facts.asking
} else := conditions & known_when_asked if {
	is_null(input.offence)
} else := conditions & (known_when_asked | of_the_offence)

of_the_offence := {"committed", "not_committed", "offence", "victim", "close_relation", "suspect"}

counts(condition) if {
	not facts.asking
} else if {
	counted({condition}) != set()
}

fails(statute, section, i, conditions) if {
	conditions != set()
	some condition in _left(statute, section, i, conditions)
	not only_if_equated(statute, section, i, condition)
}

failing(ground, i) := (not_in_force(data.law.grounds[ground]) | {"kind" | not for_kind(data.law.grounds[ground])}) | {condition |
	[statute, section] := data.law.grounds[ground].at
	some condition in _left(statute, section, i, _unmet(ground))
	not only_if_equated(statute, section, i, condition)
}

open(ground, i) := ({c | some c in data.statutes[statute][section].open; counts(c)} | {c | some c in data.statutes[statute][section].open_for[i]; counts(c)}) | {"equated" | rests_on_equation(statute, section, i)} if {
	[statute, section] := data.law.grounds[ground].at
}

unknown(ground, i) := {c | some c in data.statutes[statute][section].unknown; counts(c)} | {c | some c in data.statutes[statute][section].unknown_for[i]; counts(c)} if {
	[statute, section] := data.law.grounds[ground].at
}

# Of these, what does not hold all the same.
not_known(ground, i) := not_held(unknown(ground, i), ground, i)

not_held(conditions, ground, i) := {condition |
	[statute, section] := data.law.grounds[ground].at
	some condition in conditions
	not holds_on(statute, section, i, condition)
}

# What waits for a human: an open reading, or a fact that nobody knows, of what does not hold all the same.
awaited(statute, section, i) if {
	open_reading(statute, section, i)
} else if {
	some condition in data.statutes[statute][section].unknown
	counts(condition)
	not holds_on(statute, section, i, condition)
} else if {
	some condition in data.statutes[statute][section].unknown_for[i]
	counts(condition)
	not holds_on(statute, section, i, condition)
}

default open_reading(_, _, _) := false

open_reading(statute, section, i) if {
	some condition in data.statutes[statute][section].open
	counts(condition)
	not holds_on(statute, section, i, condition)
} else if {
	some condition in data.statutes[statute][section].open_for[i]
	counts(condition)
	not holds_on(statute, section, i, condition)
} else if {
	rests_on_equation(statute, section, i)
}

# A private school may be equated with an authority (OSL 2:3 a), and it is not clear that it is: what holds only if it is,
# of any paragraph, is an open reading.
default may_be_equated := false

may_be_equated if {
	some party in [input.sender, input.recipient]
	section_3a.unclear(party)
}

if_equated := object.union(input, {"sender": equated(input.sender), "recipient": equated(input.recipient)})

equated(party) := section_3a.as_equated(party) if {
	section_3a.unclear(party)
} else := party

default only_if_equated(_, _, _, _) := false

only_if_equated(statute, section, i, condition) if {
	may_be_equated
	not holds_on(statute, section, i, condition)
	holds_on(statute, section, i, condition) with input as if_equated
}

default rests_on_equation(_, _, _) := false

rests_on_equation(statute, section, i) if {
	may_be_equated
	some condition in data.statutes[statute][section].conditions
	counts(condition)
	only_if_equated(statute, section, i, condition)
}

# A function of the sender's whose it is to decide, where another one sent.
for_another(statute, section, i) if {
	"function" in data.statutes[statute][section].conditions
	not holds_on(statute, section, i, "function")
	not facts.asking
}

refer_to(ground, i) := {data.statutes[statute][section].function} if {
	[statute, section] := data.law.grounds[ground].at
	for_another(statute, section, i)
} else := set()

default wrong_age(_, _) := false

wrong_age(ground, i) if {
	[statute, section] := data.law.grounds[ground].at
	"age" in data.statutes[statute][section].conditions
	not holds_on(statute, section, i, "age")
	not age_unknown(statute, section, i)
}

# What carries a kind of its own carries no other, and never an item.
for_kind(row) if row.only_for == null

for_kind(row) if input.kind in row.only_for

in_force(row) if {
	row.from <= input.day
	not facts.ended(row)
}

not_in_force(row) := {"in_force"} if {
	not in_force(row)
} else := set()

age_unknown(statute, section, i) if "age" in data.statutes[statute][section].unknown_for[i]

default wording_unknown(_, _) := false

wording_unknown(ground, _) if data.law.grounds[ground].known_from > input.day

wording_unknown(ground, i) if "wording_unknown" in unknown(ground, i)

default doubtful(_, _) := false

doubtful(ground, _) if data.law.grounds[ground].doubtful

doubtful(ground, i) if {
	[statute, section] := data.law.grounds[ground].at
	doubted(statute, section, i)
}

doubtful(ground, i) if reach_on(ground, i).unclear != set()

doubted(statute, section, i) if open_reading(statute, section, i)

doubted(statute, section, _) if data.statutes[statute][section].doubts

doubted(statute, section, i) if i in data.statutes[statute][section].doubts_for

# --- the tests that it asks, and what was answered

asks(ground, i) := tests_asked(statute, section, i) if [statute, section] := data.law.grounds[ground].at

tests_asked(statute, section, i) := object.union(tests_for_all(statute, section), tests) if {
	tests := data.statutes[statute][section].asks_for[i]
} else := tests_for_all(statute, section)

tests_for_all(statute, section) := tests if {
	tests := data.statutes[statute][section].asks
} else := {}

against(ground, i) := set() if {
	input.items[i].answers == {}
} else := {test |
	item := input.items[i]
	some test, wanted in asks(ground, i)
	facts.answer(item, ground, test) != wanted
}

unanswered(ground, i) := {test |
	item := input.items[i]
	some test, _ in asks(ground, i)
	not facts.answered(item, ground, test)
} | {no_provision |
	asks_of_secrecy(ground, i)
	not facts.answered(input.items[i], ground, no_provision)
}

# --- not stated is not none: an item names the secrecy that applies to it, or a human has said that no provision does
# (contract, "Not stated is not none"); a request and a message as a whole have no secrecy to name

no_provision := "no_provision_applies"

default asks_of_secrecy(_, _) := false

asks_of_secrecy(ground, i) if {
	input.items[i].secrecy == []
	data.law.kinds[input.kind].items
	not data.law.grounds[ground].reaches_unnamed
}

default denies_that_none_applies(_, _) := false

denies_that_none_applies(ground, i) if {
	asks_of_secrecy(ground, i)
	facts.answer(input.items[i], ground, no_provision) == false
}

# [I] Said of what is as a rule under strong secrecy, it may well be a slip.
default doubts_that_none_applies(_, _) := false

doubts_that_none_applies(ground, i) if {
	asks_of_secrecy(ground, i)
	facts.answer(input.items[i], ground, no_provision) == true
	facts.strongly_secret(input.items[i])
}

# --- what a ground rests on where it carries: the answers that it asks for, and what else its paragraph needs stated,
# but nothing that is idle, for what it would tell is known or settled otherwise

uses(ground, i) := (object.keys(asks(ground, i)) | {name |
	[statute, section] := data.law.grounds[ground].at
	some name in data.statutes[statute][section].uses
}) - idle(ground, i)

idle(ground, i) := {name |
	[statute, section] := data.law.grounds[ground].at
	some name in data.statutes[statute][section].idle[i]
}

# --- which secrecy a ground reaches: all, what it names, all of OSL but what it excepts, or by a rule of its own

# Of the secrecy that an item names: what a ground reaches, of what that is unclear (for want of the stycke, or by a rule
# of its own), and what it does not reach.
reach_on(ground, i) := {"reached": set(), "unclear": set(), "without_stycke": set(), "unreached": set()} if {
	input.items[i].secrecy == []
} else := {"reached": secrecy[i], "unclear": set(), "without_stycke": set(), "unreached": set()} if {
	[statute, section] := data.law.grounds[ground].at
	data.statutes[statute][section].reaches_all
} else := {
	"reached": reached,
	"unclear": unclear,
	"without_stycke": half_named,
	"unreached": (secrecy[i] - reached) - unclear,
} if {
	[statute, section] := data.law.grounds[ground].at
	own := {p | some p in data.statutes[statute][section].reached[i]}
	reached := {p.named | some p in input.items[i].secrecy; reaches(statute, section, p)} | own
	half_named := {p.named | some p in input.items[i].secrecy; not p.named in reached; half_names(statute, section, p)}
	unclear := (half_named | {p | some p in data.statutes[statute][section].unclear[i]}) - reached
}

secrecy[i] := {provision.named | some provision in item.secrecy} if item := input.items[i]

reaches(statute, section, provision) if {
	reach.named(data.statutes[statute][section].names, provision)
} else if {
	excepted := data.statutes[statute][section].excepted
	in_chapters(statute, section, provision)
	not reach.named(excepted, provision)
	not reach.unclear(excepted, provision)
}

half_names(statute, section, provision) if {
	reach.unclear(data.statutes[statute][section].names, provision)
} else if {
	in_chapters(statute, section, provision)
	reach.unclear(data.statutes[statute][section].excepted, provision)
}

# What a rule excepts from is secrecy in OSL: all of it, or the chapters that the rule names.
in_chapters(statute, section, provision) if {
	provision.statute == "OSL"
	not data.statutes[statute][section].chapters
}

in_chapters(statute, section, provision) if {
	provision.statute == "OSL"
	chapters := data.statutes[statute][section].chapters
	provision.chapter >= chapters.from
	provision.chapter <= chapters.to
}

# --- the bar that a ground shows when it does not carry: 2 §, 3 §, its own conditions, 8 §, reach
# (contract, "ref of an item"); before its first day a ground shows nothing but itself

bar(ground, i) := bar_shown(ground, failing(ground, i))

bar_shown(ground, failing) := ground if {
	"in_force" in failing
} else := "s170_2" if {
	"s170_2" in failing
} else := "s170_3" if {
	"s170_3" in failing
} else := "out_of_agreement" if {
	"out_of_agreement" in failing
} else := ground if {
	count(failing - {"s170_8"}) > 0
} else := "s170_8" if {
	"s170_8" in failing
} else := ground

# --- the order of grounds: as claimed, else of the contract's table

# Where nothing is claimed there is no least place.
position(ground) := min({n | some n, claimed_ground in input.basis; claimed_ground == ground})

position(ground) := data.law.grounds[ground].order if not claimed

first(grounds) := ground if {
	count(grounds) == 1
	some ground in grounds
} else := ground if {
	lowest := min({position(g) | some g in grounds})
	some ground in grounds
	position(ground) == lowest
}
