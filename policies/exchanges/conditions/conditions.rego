# METADATA
# title: Notices of a curfew condition
# description: The social board tells the Police of a condition to stay at home, or at another place, at certain times. What lacks something that the Police need waits for whoever sent it.
package exchanges.conditions

import data.statutes.sfs_2026_1637_6.section_7
import data.statutes.sfs_2026_1637_6.section_8

open contains "incomplete" if {
	input.kind == "ConditionNotice"
	not _complete
}

_complete if {
	input.stated.event == "start"
	section_7.complete
}

_complete if section_8.complete
