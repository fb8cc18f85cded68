# METADATA
# title: Recruitment content on platforms
# description: Reports to the Police; orders to remove (2026:1235), the effect that the provider reports, information orders and suspicions (regulation (EU) 2022/2065, articles 9, 10 and 18).
package exchanges.platform

import data.facts
import data.finding

acting if input.kind == "ChannelAction"

action(name) if {
	acting
	input.stated.action == name
}

from_police if facts.holder.authority == "polismyndigheten"

from_platform if "digital_platform" in facts.holder.kinds

# --- reports

closed contains "receiver" if {
	input.kind == "ChannelReport"
	facts.receiver.authority != "polismyndigheten"
}

# [I] "sprids till allmänheten" (2026:1235 2 §): a closed chat is for a human.
open contains "takedown" if {
	input.kind == "ChannelReport"
	input.stated.closed_chat
}

doubtful contains "takedown" if {
	input.kind == "ChannelReport"
	input.stated.closed_chat
}

# --- each action by its own side

closed contains "takedown" if {
	action("order")
	order.status == "no"
}

open contains "takedown" if {
	action("order")
	order.status == "refer"
	not order.wording_unknown
}

open contains "wording_unknown" if {
	action("order")
	order.status == "refer"
	order.wording_unknown
}

order := finding.found.takedown["0"]

grounds contains "takedown" if {
	action("order")
	order.status == "yes"
}

asks contains test if {
	action("order")
	order.status == "refer"
	some test in order.unanswered
}

doubtful contains "takedown" if {
	action("order")
	order.doubtful
}

# Article 10.2: basis, what identifies the users, redress, who receives the report, language.
asked_of_provider := {"legal_basis", "locators", "redress", "effect_to", "language"}

information if {
	from_police
	"digital_platform" in facts.receiver.kinds
	count(asked_of_provider - {field | some field in input.stated.given}) == 0
}

closed contains "dsa_10" if {
	action("information")
	not information
}

# Article 18: to the Police (lag 2024:954 2 kap. 3 §).
suspicion if {
	from_platform
	facts.receiver.authority == "polismyndigheten"
}

closed contains "dsa_18" if {
	action("suspicion")
	not suspicion
}

closed contains "not_own" if {
	action("effect")
	not effect
}

effect if {
	from_platform
	input.in_reply_to_request
}
