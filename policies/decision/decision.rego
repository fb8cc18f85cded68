# METADATA
# title: The decision on each message of a batch
# description: The one entrypoint. Composes what the paragraphs found; nothing is allowed by default.
package decision

import data.facts
import data.items
import data.messages
import data.missing
import data.question
import data.requests
import data.statutes.osl_12.section_3

# METADATA
# entrypoint: true
results[id] := answer if {
	some id, message in input.messages
	answer := data.decision.answer with input as message
}

# METADATA
# entrypoint: true
findings[id] := answer if {
	some id, message in input.messages
	answer := data.decision.explained with input as message
}

# Of a malformed question nothing is decided, whatever the rules would make of it.
answer := verdict if question.well_formed

explained := {ground: {i: object.union(finding, {"missing": missing.ways(ground, i)}) | some i, finding in items} |
	some ground, items in data.finding.explained
} if {
	question.well_formed
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

# An answer to a request that has been taken back (contract, "in_reply_to"): what is sent then is the sender's own to begin.
stopped := kind.not_own if {
	own_fails
} else := "request_recalled" if {
	not input.request_recalled == false
}

not_own := {stopped: {"ref": null, "items": set()}} if {
	stopped
} else := {}

# --- the verdict: by items, on a request, or on the message as a whole; none on a kind that the table does not know

verdict := {"quarantine": quarantine, "outcome": "quarantine"} if {
	quarantine
} else := by_items if {
	kind.items
} else := on_request if {
	kind
	facts.asking
} else := on_the_whole if {
	kind
	not stopped
} else := object.union(blank, {"outcome": "withhold", "bars": not_own}) if {
	kind
}

# --- to whom in the recipient, where no unit is stated

# What the law gives to the social board alone goes to it: the registry that stands for the board hands it on.
unit(grounds) := "social_services" if {
	input.recipient.unit == "registry"
	facts.social_board_desk(input.recipient)
	_to_the_board(grounds)
} else := null

_to_the_board(_) if input.kind in {"ConcernNotification", "CustodyHandover", "GuardianConversation"}

_to_the_board(grounds) if {
	some ground in grounds
	data.law.grounds[ground].to_the_board == true
}

# Each verdict says what it has beside this.
blank := {
	"unit": null,
	"quarantine": null,
	"partial": false,
	"grounds": {},
	"bars": {},
	"items": {},
	"doubtful": set(),
	"guidance": {},
	"asks": set(),
	"cuts": set(),
	"marks": set(),
	"tells": set(),
	"consents": set(),
	"appeal": null,
}

# An unknown wording stands under the reference of the ground whose wording it is. What a message rests on may be another
# paragraph than the one that gives the ground its name.
ref(bar) := data.statutes[statute][section].ref if {
	[statute, section] := data.law.grounds[bar].at
	data.statutes[statute][section].ref
} else := data.law.grounds[bar].ref if {
	data.law.grounds[bar]
} else := data.law.bars[bar]

# --- by items

by_items := object.union(blank, {
	"outcome": outcome_by_items,
	"partial": released_in_part,
	"grounds": {ground: {"ref": ref(ground), "items": {i | some i; released[i] == ground}} | some ground in released},
	"bars": {bar: {"ref": ref_by_items(bar, items), "items": items} | some bar, items in barred},
	"items": verdicts,
	"doubtful": {ground | some verdict in verdicts; some ground in verdict.doubtful},
	"consents": consents,
	"unit": unit({ground | some ground in released}),
})

# The consents under which an item goes out: who gets it is told when one of them is withdrawn.
consents contains consent.order if {
	some i, "consent" in released
	some person in facts.concerned(input.items[i])
	some consent in section_3.carrying(person, input.items[i])
}

verdicts := {i: object.union(verdict, {"missing": object.get(missing.for_receipt, i, set())}) | some i, verdict in items.verdict} if {
	not stopped
} else := {i: object.union(items.item_verdict("withhold", null, null, set(), null), {"bar": stopped, "missing": set()}) | some i, _ in input.items}

released[i] := verdict.ground if {
	some i, verdict in verdicts
	verdict.outcome == "release"
}

outcome_by_items := "forward" if {
	count(released) > 0
} else := "refer" if {
	some verdict in verdicts
	verdict.outcome == "refer"
} else := "withhold"

default released_in_part := false

released_in_part if {
	count(released) > 0
	count(released) < count(verdicts)
}

# What has no bar has no reference to tell: null is the name of none.
barred[verdict.bar] contains i if some i, verdict in verdicts

ref_by_items("wording_unknown", items) := verdicts[min(items)].ref

ref_by_items(bar, _) := ref(bar) if bar != "wording_unknown"

# --- on a request

on_request := object.union(blank, {
	"outcome": outcome_on_request,
	"grounds": {ground: {"ref": ref(ground), "items": set()} | some ground in requests.grounds},
	"bars": object.union({bar: {"ref": ref(bar), "items": set()} | some bar in requests.bars}, not_own),
	"doubtful": requests.doubtful,
	"guidance": requests.guidance,
})

outcome_on_request := "withhold" if {
	stopped
} else := requests.outcome

# --- on the message as a whole

on_the_whole := object.union(blank, {
	"outcome": "forward",
	"partial": count(messages.cuts) > 0,
	"grounds": {ground: {"ref": ref(ground), "items": set()} | some ground in messages.grounds},
	"bars": {bar: {"ref": ref(bar), "items": set()} | some bar in messages.bars},
	"doubtful": messages.doubtful,
	"cuts": messages.cuts,
	"marks": messages.marks,
	"tells": messages.tells,
	"consents": messages.consents,
	"appeal": appeal,
	"unit": unit(messages.grounds),
}) if {
	messages.outcome == "forward"
} else := object.union(blank, {
	"outcome": messages.outcome,
	"bars": {bar: {"ref": ref(bar), "items": set()} | some bar in messages.bars},
	"doubtful": messages.doubtful,
	"asks": asks,
})

default appeal := null

appeal := messages.appeal

asks := messages.asks if {
	messages.outcome == "refer"
} else := set()
