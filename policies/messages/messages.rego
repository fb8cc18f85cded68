# METADATA
# title: The verdict on a message without items
# description: What only its kind demands (`exchanges/`), then the ground that the kind rests on, found as on an item that is the message as a whole. A message that nothing stops is forwarded.
package messages

import data.finding
import data.items

# --- what the kind demands: closed stops it, open wants a human, cuts are left out of the delivery

# The packages that say what this kind demands.
exchanges := data.law.kinds[input.kind].exchanges

closed := {bar | some name in exchanges; some bar in data.exchanges[name].closed}

open := {bar | some name in exchanges; some bar in data.exchanges[name].open}

cuts := {path | some name in exchanges; some path in data.exchanges[name].cuts}

# --- the ground that it rests on

rests_on_a_ground if {
	data.law.kinds[input.kind].decisive
	not data.exchanges.concern.former
}

rests_on_a_ground if {
	input.kind == "ChannelAction"
	data.exchanges.platform.ordering
}

judged := kept if {
	rests_on_a_ground
	data.exchanges.concern.kept
} else := items.verdict["0"] if rests_on_a_ground

# What the sender keeps is told to nobody: a protected identity is no brake on it.
kept := items.by_ground("0", "release", finding.first(items.carrying["0"]))

default outcome := "forward"

outcome := "withhold" if {
	count(closed) > 0
} else := "withhold" if {
	judged.outcome == "withhold"
} else := "refer" if {
	count(open) > 0
} else := "refer" if {
	judged.outcome == "refer"
}

grounds contains judged.ground if judged.ground != null

grounds contains ground if {
	some name in exchanges
	some ground in data.exchanges[name].grounds
}

# What stops it, what waits for a human, or for what something was left out.
bars := closed if {
	outcome == "withhold"
	count(closed) > 0
} else := {ground_bar} if {
	outcome == "withhold"
} else := open | {judged.bar} if {
	outcome == "refer"
	judged.bar != null
} else := open if {
	outcome == "refer"
	count(open) > 0
} else := {judged.ground} if {
	outcome == "refer"
} else := {bar | some name in exchanges; some bar in data.exchanges[name].cut_by} if {
	count(cuts) > 0
} else := set()

# Harm that a human has seen bars by itself; else the first of the kind's grounds.
ground_bar := judged.bar if judged.bar != null

ground_bar := finding.bar(ground, "0") if {
	judged.bar == null
	ground := finding.own_grounds[0]
}

asks contains test if {
	count(open) == 0
	some test in judged.asks
}

asks contains test if {
	some name in exchanges
	some test in data.exchanges[name].asks
}

doubtful contains ground if some ground in judged.doubtful

doubtful contains ground if {
	some name in exchanges
	some ground in data.exchanges[name].doubtful
}

# What is shown on the delivery's line.
marks contains mark if {
	some name in exchanges
	some mark in data.exchanges[name].marks
}

tells contains notice if {
	some name in exchanges
	some notice in data.exchanges[name].tells
}

consents contains order if {
	some name in exchanges
	some order in data.exchanges[name].consents
}

appeal := entry if {
	some name in exchanges
	some entry in data.exchanges[name].appeal
}
