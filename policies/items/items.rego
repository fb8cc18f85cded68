# METADATA
# title: The verdict on each item
# description: Release if any ground carries, else refer if any lacks only answers, else withhold (contract, "How it is decided").
package items

import data.councils
import data.facts
import data.finding

carrying[i] contains ground if {
	some ground, items in finding.status
	some i, "yes" in items
}

lacking[i] contains ground if {
	some ground, items in finding.status
	some i, "refer" in items
}

# [I] Grounds that fail on nothing but reach, and only together reach every provision.
jointly[i] contains ground if {
	item := input.items[i]
	count(item.secrecy) > 1
	partial := {g |
		some g in finding.candidates
		short_of_reach(g, i)
	}
	together := {p | some g in partial; some p in reached(g, i)}
	every provision in item.secrecy {
		provision.named in together
	}
	some ground in partial
}

short_of_reach(ground, i) if {
	not finding.status[ground][i]
	count(finding.failing(ground, i)) == 0
	count(finding.against(ground, i)) == 0
	count(reached(ground, i)) > 0
	count(finding.reach_on(ground, i).unreached) > 0
}

reached(ground, i) := of_secrecy.reached | of_secrecy.unclear if of_secrecy := finding.reach_on(ground, i)

# "genast" (SoL 19:1): a notification of concern waits for no menprövning; the board is shown the mark.
is_protected contains i if {
	input.kind != "ConcernNotification"
	item := input.items[i]
	some person in facts.concerned(item)
	person.protected
}

verdict[i] := in_council(i, decided(i, item)) if item := input.items[i]

# [I] A strategic council that hears of a person is for a human. That one who is not usually of a council takes part is a doubt.
in_council(i, judged) := object.union(judged, {
	"outcome": "refer",
	"bar": "personal_data",
	"doubtful": (judged.doubtful | {"personal_data"}),
	"uses": set(),
}) if {
	i in councils.names_a_person
} else := object.union(judged, {"doubtful": (judged.doubtful | {judged.ground})}) if {
	councils.unusual
	judged.ground != null
} else := judged

decided(i, item) := released(i, item) if {
	carrying[i]
} else := referred(i) if {
	lacking[i]
} else := referred_jointly(i) if {
	jointly[i]
} else := withheld(i)

item_verdict(outcome, ground, ref, asks, refer_to) := {
	"outcome": outcome, "ground": ground, "ref": ref, "asks": asks, "refer_to": refer_to,
	"bar": null, "doubtful": set(), "uses": set(), "open": {},
}

# --- a ground carries; a protected identity is a brake that only a human lifts

released(i, item) := braked(i, item, cleared(i, item), unweighed(i, item)) if {
	i in is_protected
} else := by_ground(i, "release", finding.first(carrying[i]))

cleared(i, item) := {g | some g in carrying[i]; facts.answer(item, g, "harm") == false}

unweighed(i, item) := {g | some g in carrying[i]; not facts.answered(item, g, "harm")}

# Of no grounds none is the first: what needs one is then undefined.
braked(i, _, clear, _) := by_ground(i, "release", finding.first(clear))

# [I] "genast", "omedelbart": what must be told at once waits for no menprövning; the mark goes with it.
braked(i, _, clear, open) := object.union(judged, {"doubtful": (judged.doubtful | {ground, "protected_identity"})}) if {
	count(clear) == 0
	ground := finding.first(at_once(open))
	judged := by_ground(i, "release", ground)
}

braked(i, _, clear, open) := object.union(
	by_ground(i, "refer", finding.first(open)),
	{"asks": {"harm"}, "bar": "protected_identity", "open": {g: open_ground(g, {"harm"}) | some g in open}},
) if {
	count(clear) == 0
	count(at_once(open)) == 0
}

braked(i, _, clear, open) := harmed(i, duties) if {
	count(clear) == 0
	count(open) == 0
	duties := {g | some g in carrying[i]; data.law.grounds[g].duty}
}

at_once(grounds) := {g |
	some g in grounds
	[statute, section] := data.law.grounds[g].at
	data.statutes[statute][section].at_once
}

# [I] harm against a duty is for a human; a permission gives way.
harmed(i, duties) := object.union(
	judged,
	{
		"bar": "protected_identity",
		"doubtful": ((judged.doubtful | doubts(i, duties)) | {"protected_identity"}),
		"open": {g: open_ground(g, set()) | some g in duties},
	},
) if {
	judged := by_ground(i, "refer", finding.first(duties))
}

harmed(_, duties) := object.union(
	item_verdict("withhold", null, data.law.bars.protected_identity, set(), null),
	{"bar": "protected_identity"},
) if {
	count(duties) == 0
}

by_ground(i, outcome, ground) := object.union(
	item_verdict(outcome, ground, data.law.grounds[ground].ref, set(), null),
	{
		"doubtful": (doubts(i, {ground}) | {finding.no_provision | finding.doubts_that_none_applies(ground, i)}),
		"uses": uses_of(outcome, ground, i),
	},
)

# What a partial delivery still tells beside the item: only what its ground rests on.
uses_of("release", ground, i) := finding.uses(ground, i)

uses_of(outcome, _, _) := set() if outcome != "release"

# --- no ground carries, but one lacks only answers

referred(i) := object.union(by_ground(i, "refer", ground), {
	"asks": tests_asked(ground, i),
	"refer_to": only(finding.refer_to(ground, i)),
	"bar": bar_of(ground, i),
	"open": {g: open_ground(g, tests_asked(g, i)) | some g in lacking[i]},
}) if {
	ground := finding.first(lacking[i])
}

referred_jointly(i) := object.union(by_ground(i, "refer", ground), {
	"asks": finding.unanswered(ground, i),
	"doubtful": jointly[i],
	"open": {g: open_ground(g, finding.unanswered(g, i)) | some g in jointly[i]},
}) if {
	ground := finding.first(jointly[i])
}

# Every ground that lacks only answers, each with what it asks for itself (contract, "Receipt": `open`).
open_ground(ground, asks) := {"ref": data.law.grounds[ground].ref, "asks": asks}

only(functions) := f if some f in functions

only(functions) := null if count(functions) == 0

# Secrecy applies and is not named: what the weighing is of is not known, so nothing is asked until it is.
tests_asked(ground, i) := set() if {
	finding.denies_that_none_applies(ground, i)
} else := finding.unanswered(ground, i)

bar_of(ground, i) := "secrecy_not_named" if {
	finding.denies_that_none_applies(ground, i)
} else := "wording_unknown" if {
	finding.wording_unknown(ground, i)
} else := "incomplete" if {
	"incomplete" in finding.not_known(ground, i)
} else := null

# --- nothing carries

withheld(i) := object.union(item_verdict("withhold", null, ref(bar, ground), set(), null), {
	"bar": bar,
	"doubtful": doubts(i, {ground}),
}) if {
	finding.claimed
	ground := input.basis[0]
	bar := finding.bar(ground, i)
}

withheld(i) := object.union(item_verdict("withhold", null, null, set(), null), {"bar": exempt(i)}) if not finding.claimed

# With nothing claimed no bar decides; 8 § is shown where it alone closes a duty.
exempt(i) := "s170_8" if {
	some ground in finding.candidates
	finding.failing(ground, i) == {"s170_8"}
} else := null

ref(bar, ground) := data.law.grounds[ground].ref if bar == ground

ref(bar, ground) := data.law.bars[bar] if bar != ground

doubts(i, grounds) := {g | some g in grounds; finding.doubtful(g, i)}
