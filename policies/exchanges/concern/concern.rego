# METADATA
# title: Feedback on a notification of concern
# description: The reporter hears that an inquiry was opened, was not, or runs already (SoL 19:6, OSL 26:9 a), and nothing more. What a notification, a handover and a talk demand stands in their paragraphs.
package exchanges.concern

# "information om att en utredning har inletts, inte har inletts eller redan pågår": the words along with it stay.
cuts contains "text" if {
	input.kind == "ConcernFeedback"
	input.stated.text
}

cut_by contains "osl_26_9a" if input.kind == "ConcernFeedback"
