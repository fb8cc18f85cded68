# METADATA
# title: The decision on each message of a batch
# description: The one entrypoint. Composes what the paragraphs found; nothing is allowed by default.
package decision

import data.facts
import data.items
import data.messages
import data.requests

# METADATA
# entrypoint: true
results[id] := answer if {
	some id, message in input.messages
	answer := data.decision.verdict with input as message
}

# METADATA
# entrypoint: true
findings[id] := answer if {
	some id, message in input.messages
	answer := data.finding.found with input as message
}

kind := data.law.kinds[input.kind]

# --- may this be decided at all?

quarantine := "kind_not_allowed" if {
	some sort in input.sender.kinds
	sort in kind.barred_senders
} else := "kind_not_allowed" if {
	kind.only_senders != null
	not sender_listed
} else := "wrong_recipient" if {
	kind.registration
	input.recipient.id != input.sender.id
}

sender_listed if {
	some sort in input.sender.kinds
	sort in kind.only_senders.kinds
}

sender_listed if input.sender.authority in kind.only_senders.authorities

# --- messages without items: what they refer to must be their own

own_fails if {
	kind.answers
	not input.in_reply_to_request
}

own_fails if input.refers_to_own == false

default outcome := "withhold"

outcome := "withhold" if {
	own_fails
} else := requests.outcome if {
	facts.asking
} else := messages.outcome if {
	not kind.items
} else := "forward" if {
	some verdict in items.verdict
	verdict.outcome == "release"
} else := "refer" if {
	some verdict in items.verdict
	verdict.outcome == "refer"
}

# --- items

verdicts[i] := verdict if {
	kind.items
	not own_fails
	some i, verdict in items.verdict
}

verdicts[i] := object.union(
	items.one("withhold", null, null, set(), null),
	{"bar": kind.not_own},
) if {
	kind.items
	own_fails
	some i, _ in input.items
}

partial if {
	without_items
	outcome == "forward"
	count(messages.cuts) > 0
}

partial if {
	outcome == "forward"
	some verdict in verdicts
	verdict.outcome != "release"
}

grounds[ground] := {"ref": data.law.grounds[ground].ref, "items": released_by(ground)} if {
	some verdict in verdicts
	verdict.outcome == "release"
	ground := verdict.ground
}

grounds[ground] := {"ref": data.law.grounds[ground].ref, "items": set()} if {
	facts.asking
	some ground in requests.had
}

# What a message without items stands on, what stops it, and what it lacks.
without_items if {
	not kind.items
	not facts.asking
	not own_fails
}

grounds[ground] := {"ref": data.law.grounds[ground].ref, "items": set()} if {
	without_items
	outcome == "forward"
	some ground in messages.grounds
}

bars[bar] := {"ref": messages.ref(bar), "items": set()} if {
	without_items
	some bar in messages.bars
}

asks := {test | without_items; outcome == "refer"; some test in messages.asks}

cuts := {path | without_items; outcome == "forward"; some path in messages.cuts}

default appeal := null

appeal := messages.appeal if {
	without_items
	outcome == "forward"
}

released_by(ground) := {i |
	some i, verdict in verdicts
	verdict.outcome == "release"
	verdict.ground == ground
}

bars[bar] := {"ref": ref(i, bar), "items": {j | verdicts[j].bar == bar}} if {
	some i, verdict in verdicts
	bar := verdict.bar
	bar != null
	i == min({j | verdicts[j].bar == bar})
}

bars[bar] := {"ref": data.law.bars[bar], "items": set()} if {
	facts.asking
	some bar in requests.bars
	data.law.bars[bar] != false
}

bars[ground] := {"ref": data.law.grounds[ground].ref, "items": set()} if {
	facts.asking
	some ground in requests.bars
	data.law.grounds[ground]
}

bars[kind.not_own] := {"ref": null, "items": set()} if {
	own_fails
	not kind.items
}

# An unknown wording stands under the reference of the ground whose wording it is.
ref(i, bar) := verdicts[i].ref if bar == "wording_unknown"

ref(_, bar) := data.law.bars[bar] if bar != "wording_unknown"

ref(_, bar) := data.law.grounds[bar].ref

doubtful contains ground if {
	some verdict in verdicts
	some ground in verdict.doubtful
}

doubtful contains ground if {
	facts.asking
	some ground in requests.doubtful
}

doubtful contains ground if {
	without_items
	some ground in messages.doubtful
}

guidance[category] := advice if {
	facts.asking
	some category, advice in requests.guidance
}

verdict := {"quarantine": quarantine, "outcome": "quarantine"} if quarantine

verdict := {
	"quarantine": null,
	"outcome": outcome,
	"partial": partial_or_not,
	"grounds": grounds,
	"bars": bars,
	"items": verdicts,
	"doubtful": doubtful,
	"guidance": guidance,
	"asks": asks,
	"cuts": cuts,
	"appeal": appeal,
} if {
	not quarantine
	kind
}

default partial_or_not := false

partial_or_not if partial
