# METADATA
# title: SFS 2026:1637, 6 kap. 8 § – Upplysning om undantag, ändring och upphörande
# description: |
#   Socialnämnden ska genast informera Polismyndigheten
#   1. när det har fattats ett beslut om ett tillfälligt undantag från ett särskilt villkor som Polismyndigheten har upplysts om enligt 6 §, och
#   2. när ett särskilt villkor som Polismyndigheten har upplysts om enligt 6 § har ändrats eller upphört.
# custom:
#   ref: 2026:1637 6:8
#   statute: Lag (2026:1637) om insatser inom socialtjänsten när samtycke saknas
#   in_force: "2027-01-02"
#   amended_by: Lag (2026:1637)
#   as_of: "2026-08-27"
#   doubts:
#     - sv: Paragrafen anger inte vad upplysningen ska innehålla. Här krävs att det framgår vilket villkor det gäller och vad som har ändrats.
#       en: The section does not say what the notice must hold. Here it must say which condition it is, and what has changed.
package statutes.sfs_2026_1637_6.section_8

ref := "2026:1637 6:8"

event if input.stated.event in {"exception", "changed", "ended"}

# "ett särskilt villkor som Polismyndigheten har upplysts om": which, by that notice or by the person.
complete if {
	event
	_which
	_what
}

_which if input.stated.notice

_which if input.stated.subject

_what if input.stated.event == "ended"

_what if {
	some field in input.stated.given
	not field in {"number"}
}
