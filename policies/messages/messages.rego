# METADATA
# title: The verdict on a message without items
# description: What only its kind demands (`exchanges/`), then the ground that the kind rests on, found as on an item that is the message as a whole. A message that nothing stops is forwarded.
package messages

import data.finding
import data.items

# --- what the kind demands: closed stops it, open wants a human, cuts are left out of the delivery

closed contains bar if some bar in data.exchanges[_].closed

open contains bar if some bar in data.exchanges[_].open

cuts contains path if some path in data.exchanges[_].cuts

# --- the ground that it rests on

rests_on_a_ground if data.law.kinds[input.kind].decisive

rests_on_a_ground if data.exchanges.platform.ordering

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
	rests_on_a_ground
	not judged
} else := "withhold" if {
	judged.outcome == "withhold"
} else := "refer" if {
	count(open) > 0
} else := "refer" if {
	judged.outcome == "refer"
}

grounds contains judged.ground if judged.ground != null

grounds contains ground if some ground in data.exchanges[_].grounds

bars contains bar if {
	outcome == "withhold"
	some bar in closed
}

bars contains bar if {
	outcome == "refer"
	some bar in open
}

bars contains bar if {
	outcome == "forward"
	count(cuts) > 0
	some bar in data.exchanges[_].cut_by
}

bars contains bar if {
	outcome == "withhold"
	count(closed) == 0
	bar := ground_bar
}

bars contains judged.bar if {
	outcome == "refer"
	judged.bar != null
}

bars contains judged.ground if {
	outcome == "refer"
	count(open) == 0
	judged.bar == null
}

# Harm that a human has seen bars by itself; else the first of the kind's grounds.
ground_bar := judged.bar if judged.bar != null

ground_bar := finding.bar(ground, "0") if {
	judged.bar == null
	ground := finding.own_grounds[0]
}

ground_bar := finding.own_grounds[0] if not judged

ref(bar) := data.law.grounds[bar].ref

ref(bar) := data.law.bars[bar] if not data.law.grounds[bar]

asks contains test if {
	count(open) == 0
	some test in judged.asks
}

asks contains test if some test in data.exchanges[_].asks

doubtful contains ground if some ground in judged.doubtful

doubtful contains ground if some ground in data.exchanges[_].doubtful

appeal := found if some found in data.exchanges[_].appeal
