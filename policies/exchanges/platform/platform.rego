# METADATA
# title: Recruitment content on platforms
# description: Reports to the Police; orders to remove (2026:1235), the effect that the provider reports, information orders and suspicions (regulation (EU) 2022/2065, articles 9, 10 and 18).
package exchanges.platform

import data.facts

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

# --- each action by its own side

closed contains "takedown" if {
	acting
	not by_its_own_side
}

by_its_own_side if {
	from_police
	input.stated.action in {"order", "information"}
}

by_its_own_side if {
	from_platform
	input.stated.action in {"effect", "suspicion"}
}

# An order rests on its ground, found as on an item that is the order as a whole.
ordering if {
	action("order")
	from_police
}

# Article 10.2: basis, what identifies the users, redress, who receives the report, language.
asked_of_provider := {"legal_basis", "locators", "redress", "effect_to", "language"}

information if {
	"digital_platform" in facts.receiver.kinds
	count(asked_of_provider - {field | some field in input.stated.given}) == 0
	of_its_own_power(input.stated.legal_basis)
}

# "en hänvisning till den rättsliga grunden": some provision; the act on orders to remove gives no power to ask.
of_its_own_power(provision) if provision.statute != "2026:1235"

closed contains "dsa_10" if {
	action("information")
	from_police
	not information
}

# Article 18: to the Police (lag 2024:954 2 kap. 3 §).
closed contains "dsa_18" if {
	action("suspicion")
	from_platform
	facts.receiver.authority != "polismyndigheten"
}

closed contains "not_own" if {
	action("effect")
	from_platform
	not input.in_reply_to_request
}
