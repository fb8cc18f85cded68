# METADATA
# title: Recruitment content on platforms
# description: Reports to the Police; orders to remove (2026:1235), the effect that the provider reports, information orders and suspicions (regulation (EU) 2022/2065, articles 9, 10 and 18).
package exchanges.platform

import data.facts

_acting if input.kind == "ChannelAction"

_action(name) if {
	_acting
	input.stated.action == name
}

_from_police if facts.holder.authority == "polismyndigheten"

_from_platform if "digital_platform" in facts.holder.kinds

# --- reports

closed contains "receiver" if {
	input.kind == "ChannelReport"
	facts.receiver.authority != "polismyndigheten"
}

# --- each action by its own side

closed contains "takedown" if {
	_acting
	not ordering
	not _by_its_own_side
}

_by_its_own_side if {
	_from_police
	_action("information")
}

_by_its_own_side if {
	_from_platform
	input.stated.action in {"effect", "suspicion"}
}

# An order rests on its ground, found as on an item that is the order as a whole: whose it is to give stands there.
ordering if _action("order")

# Article 10.2: basis, what identifies the users, redress, who receives the report, language.
_asked_of_provider := {"legal_basis", "locators", "redress", "effect_to", "language"}

_information if {
	"digital_platform" in facts.receiver.kinds
	count(_asked_of_provider - {field | some field in input.stated.given}) == 0
	_of_its_own_power(input.stated.legal_basis)
}

# "en hänvisning till den rättsliga grunden": some provision; the act on orders to remove gives no power to ask.
_of_its_own_power(provision) if provision.statute != "2026:1235"

closed contains "dsa_10" if {
	_action("information")
	_from_police
	not _information
}

# Article 18: to the Police (lag 2024:954 2 kap. 3 §).
closed contains "dsa_18" if {
	_action("suspicion")
	_from_platform
	facts.receiver.authority != "polismyndigheten"
}

closed contains "not_own" if {
	_action("effect")
	_from_platform
	not input.in_reply_to_request
}
