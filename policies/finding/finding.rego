# METADATA
# title: What each ground finds on each item
# description: Takes a paragraph's conditions, readings, answers and reach together. Undefined is never yes; only conditions that hold count.
package finding

import data.facts
import data.reach

# Conditions that a request is held to: the parties, the purpose and the kind of information, not what nobody knows yet.
known_when_asked := {
	"holder", "receiver", "s170_2", "s170_3", "request", "own_initiative", "category", "matter", "in_force", "purpose", "person", "no_person", "order",
}

claimed if count(input.basis) > 0

# With no ground claimed any may carry, except those that are tried only when claimed.
tried contains ground if {
	claimed
	some ground in input.basis
	data.law.grounds[ground]
}

tried contains ground if {
	not claimed
	not own_grounds
	some ground, row in data.law.grounds
	not row.only_when_claimed
	row.only_for == null
}

# A kind that rests on grounds of its own tries those.
tried contains ground if {
	not claimed
	some ground in own_grounds
}

own_grounds := data.law.kinds[input.kind].grounds if data.law.kinds[input.kind].grounds != null

# A sharing in a crime alliance claims its duty by its programme.
tried contains ground if {
	not claimed
	input.programme == "crime_alliance"
	some ground, row in data.law.grounds
	row.only_when_claimed
}

# found[ground][i]: what stands against it, what is missing, what reading is open.
found[ground][i] := finding if {
	some ground in tried
	row := data.law.grounds[ground]
	some i, item in input.items
	finding := of_item(ground, row, i, item)
}

of_item(ground, row, i, item) := {
	"status": status(stands, row, gaps),
	"failing": failing,
	"against": against,
	"unanswered": unanswered,
	"asks": {test | some test, _ in asks},
	"open": open,
	"unknown": unknown,
	"unreached": unreached,
	"reached": (reached | unclear),
	"refer_to": refer_to,
	"wording_unknown": wording,
	"wrong_age": wrong_age,
	"doubtful": doubtful(row, i, ((open - held) | unclear)),
} if {
	[statute, section] := row.at
	all := {c | some c in data.statutes[statute][section].conditions}
	conditions := {c | some c in all; counted(c)}
	held := {c | some c in data.statutes[statute][section].holds} | {c | some c in data.statutes[statute][section].holds_for[i]}
	open := {c | some c in data.statutes[statute][section].open; counted(c)} | {c | some c in data.statutes[statute][section].open_for[i]; counted(c)}
	unknown := {c | some c in data.statutes[statute][section].unknown; counted(c)} | {c | some c in data.statutes[statute][section].unknown_for[i]; counted(c)}
	failing := ((((conditions - held) - open) - unknown) - {"function"}) | not_in_force(row)
	asks := object.union(
		object.union({}, {t: w | some t, w in data.statutes[statute][section].asks}),
		{t: w | some t, w in data.statutes[statute][section].asks_for[i]},
	)
	against := {test | some test, wanted in asks; facts.answer(item, ground, test) != wanted}
	unanswered := {test | some test, _ in asks; not facts.answered(item, ground, test)}
	secrecy := {p.named | some p in item.secrecy}
	reached := (secrecy & reaching[ground]) | {p | some p in data.statutes[statute][section].reached[i]}
	unclear := ((secrecy & half_naming[ground]) | {p | some p in data.statutes[statute][section].unclear[i]}) - reached
	unreached := (secrecy - reached) - unclear
	refer_to := {f | "function" in (conditions - held); f := data.statutes[statute][section].function}
	wording := wording_is_unknown(row, unknown)
	wrong_age := "age" in ((all - held) - {c | some c in data.statutes[statute][section].unknown_for[i]})
	stands := ((count(failing) + count(against)) + count(unreached)) == 0
	gaps := (((count(open - held) + count(unknown - held)) + count(unclear)) + count(refer_to)) + asked(unanswered)
}

status(stands, _, _) := "no" if not stands

status(stands, row, gaps) := "refer" if {
	stands
	not settled(row, gaps)
}

status(stands, row, gaps) := "yes" if {
	stands
	settled(row, gaps)
}

settled(row, gaps) if {
	gaps == 0
	row.known_from <= input.day
}

asked(unanswered) := count(unanswered) if not facts.asking

asked(_) := 0 if facts.asking

counted(_) if not facts.asking

counted(condition) if {
	facts.asking
	condition in known_when_asked
}

not_in_force(row) := set() if {
	row.from <= input.day
	not facts.ended(row)
}

not_in_force(row) := {"in_force"} if row.from > input.day

not_in_force(row) := {"in_force"} if facts.ended(row)

wording_is_unknown(row, _) if row.known_from > input.day

wording_is_unknown(row, unknown) := "wording_unknown" in unknown if row.known_from <= input.day

doubtful(row, i, readings) := true in {
	row.doubtful,
	count(readings) > 0,
	count({j | some j in data.statutes[row.at[0]][row.at[1]].doubts_for; j == i}) > 0,
}

# --- which secrecy a ground reaches: all, what it names, all of OSL but what it excepts, or by a rule of its own

provisions contains provision if {
	some item in input.items
	some provision in item.secrecy
}

reaching[ground] := {p.named | some p in provisions; reaches(data.law.grounds[ground].at, p)} if some ground in tried

half_naming[ground] := {p.named | some p in provisions; half_names(data.law.grounds[ground].at, p)} if some ground in tried

reaches([statute, section], _) if data.statutes[statute][section].reaches_all

reaches([statute, section], provision) if reach.named(data.statutes[statute][section].names, provision)

reaches([statute, section], provision) if {
	excepted := data.statutes[statute][section].excepted
	in_chapters(statute, section, provision)
	not reach.named(excepted, provision)
	not reach.unclear(excepted, provision)
}

half_names([statute, section], provision) if reach.unclear(data.statutes[statute][section].names, provision)

half_names([statute, section], provision) if {
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

bar(ground, finding) := ground if {
	"in_force" in finding.failing
} else := "s170_2" if {
	"s170_2" in finding.failing
} else := "s170_3" if {
	"s170_3" in finding.failing
} else := "out_of_agreement" if {
	"out_of_agreement" in finding.failing
} else := ground if {
	count(finding.failing - {"s170_8"}) > 0
} else := "s170_8" if {
	"s170_8" in finding.failing
} else := ground

# --- the order of grounds: as claimed, else of the contract's table

position(ground) := min({n | some n, claimed_ground in input.basis; claimed_ground == ground}) if claimed

position(ground) := data.law.grounds[ground].order if not claimed

first(grounds) := ground if {
	lowest := min({position(g) | some g in grounds})
	some ground in grounds
	position(ground) == lowest
}
