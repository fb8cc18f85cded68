# METADATA
# title: Notifications of concern, feedback on them, and what the Police keep
# description: The reporter hears that an inquiry was opened, was not, or runs already (SoL 19:6, OSL 26:9 a), and nothing more. A notification is never turned away for the board that it was sent to, nor for its day. What else a notification, a handover and a talk demand stands in their paragraphs.
package exchanges.concern

import data.facts

# "information om att en utredning har inletts, inte har inletts eller redan pågår": the words along with it stay.
cuts contains "text" if {
	input.kind == "ConcernFeedback"
	not _wordless
}

_wordless if input.stated.text == false

cut_by contains "osl_26_9a" if input.kind == "ConcernFeedback"

# "den som har gjort anmälan": one that is nameless was made by nobody who can be told.
closed contains "osl_26_9a" if {
	input.kind == "ConcernFeedback"
	not _named
}

_named if input.stated.anonymous == false

# What is told is the decision as the board has recorded it, and not before there is one.
open contains "not_as_decided" if {
	input.kind == "ConcernFeedback"
	not _as_decided
}

_as_decided if {
	input.stated.decided_on == input.stated.recorded_on
	_agrees(input.stated.status, input.stated.recorded_status)
}

_agrees(answered, recorded) if answered == recorded

# "redan pågår": so does an inquiry that was opened.
_agrees("running", "opened")

# Another municipality's child: "genast" (SoL 19:1), and the board that gets it passes it on to the child's own.
marks contains "pass_on" if {
	input.kind == "ConcernNotification"
	input.stated.home == false
}

# Before the act the duty stood in 14 kap. 1 § of the former one (2001:453), whose wording is not known here.
former if {
	input.kind == "ConcernNotification"
	input.day < data.law.grounds.sol_19_1.from
}

open contains "wording_unknown" if former

# A handover to a guardian, and a talk to which nobody was invited, are recorded with the Police themselves.
kept if {
	input.kind in {"CustodyHandover", "GuardianConversation"}
	facts.to_itself
}
