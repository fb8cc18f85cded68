# METADATA
# title: What is missing for an item to be given
# description: |
#   For each ground that nothing closes: the answers, facts and consents with which it would carry. An answer against it,
#   what it excepts, a secrecy that it does not reach, an open reading and a day outside its days close a ground: nothing
#   that could be stated changes that. How a test is to be answered is never said, only that it is not answered.
package missing

import data.facts
import data.finding
import data.items
import data.offences
import data.question.words

# --- what the receipt tells: of a referred item what the grounds that lack an answer lack; of a withheld one what would
# be enough with one fact or consent more, and the answers that are then asked

for_receipt[i] := smallest({way | some ground in referring(i); some way in gaps(ground, i, set())}) if {
	some i, verdict in items.verdict
	verdict.outcome == "refer"
}

for_receipt[i] := smallest({way | some ground in for_such_parties; some way in ways(ground, i); near(way)}) if {
	some i, verdict in items.verdict
	verdict.outcome == "withhold"
}

# Most grounds are for others than these parties: that is seen once, and of them nothing more is asked.
for_such_parties := finding.candidates - of_others

of_others contains ground if {
	some ground in finding.candidates
	conditions := finding.unmet[ground]
	some condition in (conditions & {"holder", "receiver"})
	[statute, section] := data.law.grounds[ground].at
	not may_hold(statute, section, condition)
}

may_hold(statute, section, condition) if {
	some i, _ in input.items
	condition in data.statutes[statute][section].holds_for[i]
}

may_hold(statute, section, condition) if {
	some i, _ in input.items
	condition in data.statutes[statute][section].open_for[i]
}

referring(i) := {ground | some ground in items.carrying[i]} | {ground | some ground in items.lacking[i]}

# The signatures of one consent are one step.
near(way) if {
	count([part | some part in way; part.fact]) + count({"consent" | some part in way; part.consent}) == 1
}

smallest(ways_found) := {way | some way in ways_found; not larger(way, ways_found)}

larger(way, ways_found) if {
	some other in ways_found
	other != way
	other - way == set()
}

# --- what one ground lacks on one item: sets of parts, each of which is enough

default ways(_, _) := set()

ways(ground, i) := gaps(ground, i, failing) if {
	not facts.asking
	[statute, section] := data.law.grounds[ground].at
	failing := finding.failing(ground, i)
	every condition in failing {
		settling(statute, section, i, condition)
	}
	not finding.contradicted(ground, i, input.items[i].answers)
	finding.reach_on(ground, i).unreached == set()
}

# Of a ground that nothing else closes: with what is lacking stated, and what fails on a fact.
gaps(ground, i, failing) := {way |
	some answers in answering(ground, {{"test": test} | some test in finding.unanswered(ground, i)})
	way := union({answers, stated, braking(ground, i)})
	count(way) > 0
} if {
	[statute, section] := data.law.grounds[ground].at
	not finding.wording_unknown(ground, i)
	not finding.denies_that_none_applies(ground, i)
	not finding.open_reading(statute, section, i)
	not_known := finding.not_known(ground, i)
	every condition in not_known {
		settling(statute, section, i, condition)
	}
	by_condition := {part | some condition in (failing | not_known); some part in settling(statute, section, i, condition)}
	stated := union({by_condition, by_function(ground, i), by_stycke(ground, i)})
}

# One of two answers may be enough.
answering(ground, tests) := {way |
	some one in (tests & either(ground))
	way := (tests - either(ground)) | {one}
} if {
	count(tests & either(ground)) > 0
} else := {tests}

either(ground) := {{"test": test} |
	[statute, section] := data.law.grounds[ground].at
	some test in data.statutes[statute][section].one_is_enough
}

# A protected identity is a brake: harm must be answered too. Seen, it closes a permission, and a duty is for a human.
braking(_, i) := set() if not items.is_protected[i]

braking(ground, i) := {{"test": "harm"}} if {
	i in items.is_protected
	not facts.answered(input.items[i], ground, "harm")
}

braking(ground, i) := set() if {
	i in items.is_protected
	facts.answer(input.items[i], ground, "harm") == false
}

# Another function of the sender's decides.
by_function(ground, i) := {{"fact": "function"} | some _ in finding.refer_to(ground, i)}

# Which stycke of a provision: only then it is known whether the ground reaches it. Another doubt is no matter of facts.
by_stycke(ground, i) := set() if {
	finding.reach_on(ground, i).unclear == set()
} else := {{"fact": "stycke"}} if {
	of_secrecy := finding.reach_on(ground, i)
	of_secrecy.unclear == of_secrecy.without_stycke
}

# --- what settles a condition that does not hold, or of which it is not known whether it does; undefined: nothing that
# could be stated does. What was left out may be stated, what was stated may be looked at again where a slip is possible
# (an age, what an offence is like); a category, a purpose or a secrecy that was stated is not to be stated otherwise.

settling(statute, section, i, condition) := data.statutes[statute][section].settling[i][condition] if {
	data.statutes[statute][section].settling[i][condition]
} else := {{"fact": "degree"}} if {
	condition == "offence"
	condition in data.statutes[statute][section].unknown
	degrees_differ
} else := {{"fact": "degree"}} if {
	condition == "offence"
	condition in data.statutes[statute][section].unknown_for[i]
	degrees_differ
} else := by_item[i][condition] if {
	by_item[i][condition]
} else := by_message[condition]

by_item[i].age := {{"fact": "age"}} if {
	item := input.items[i]
	count(item.persons) > 0
}

by_item[i][condition] := {{"fact": "purpose"}} if {
	item := input.items[i]
	item.purpose == null
	some condition in {"purpose", "s170_3"}
}

by_item[i].request := {{"fact": "on_request"}} if {
	item := input.items[i]
	not item.on_request
}

by_message[circumstance] := {{"fact": circumstance}} if {
	some circumstance, _ in words.circumstance
	not circumstance in input.circumstances
}

by_message.out_of_agreement := {{"fact": "agreement"}} if {
	input.kind == "CaseSharing"
}

by_message[condition] := {{"fact": "offence"}} if {
	is_null(input.offence)
	some condition in {"committed", "offence", "victim", "suspect", "close_relation", "school"}
}

by_message[condition] := {{"fact": "committed"}} if {
	input.offence != null
	some condition in {"committed", "not_committed"}
}

by_message.victim := {{"fact": "victim_under_18"}} if input.offence != null

by_message.suspect := {{"fact": fact} |
	some fact, so in {"committed": input.offence.committed, "subject_is": input.offence.subject_is == "suspect"}
	not so
} if {
	input.offence != null
}

by_message.close_relation := {{"fact": fact} |
	some fact, so in {"close_relation": input.offence.close_relation == true, "subject_is": input.offence.subject_is != "other"}
	not so
} if {
	input.offence != null
}

by_message.school := {{"fact": "connected_with_school"}} if input.offence != null

# The provision has several degrees, and it was not stated which one it is.
degrees_differ if {
	input.offence.degree == null
	count({row.degree | some row in offences.known(input.offence)}) > 1
}
