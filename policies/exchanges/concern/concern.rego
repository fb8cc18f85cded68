# METADATA
# title: Feedback on a notification of concern, and what the Police keep
# description: The reporter hears that an inquiry was opened, was not, or runs already (SoL 19:6, OSL 26:9 a), and nothing more. What a notification, a handover and a talk demand stands in their paragraphs.
package exchanges.concern

# "information om att en utredning har inletts, inte har inletts eller redan pågår": the words along with it stay.
cuts contains "text" if {
	input.kind == "ConcernFeedback"
	not wordless
}

wordless if input.stated.text == false

cut_by contains "osl_26_9a" if input.kind == "ConcernFeedback"

# A handover to a guardian, and a talk to which nobody was invited, are recorded with the Police themselves.
kept if {
	input.kind in {"CustodyHandover", "GuardianConversation"}
	input.sender.id == input.recipient.id
}
