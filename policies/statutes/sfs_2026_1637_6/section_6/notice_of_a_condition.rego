# METADATA
# title: SFS 2026:1637, 6 kap. 6 § – Upplysning till Polismyndigheten om ett särskilt villkor
# description: |
#   När socialnämnden har beslutat om ett särskilt villkor enligt 4 kap. 3 § 5 om att ett barn eller en ung person under vissa tider ska uppehålla sig i bostaden eller på en annan anvisad plats som kan likställas med bostad ska nämnden genast informera Polismyndigheten om det.
# custom:
#   ref: 2026:1637 6:6
#   statute: Lag (2026:1637) om insatser inom socialtjänsten när samtycke saknas
#   in_force: "2027-01-02"
#   amended_by: Lag (2026:1637)
#   as_of: "2026-08-27"
#   doubts:
#     - sv: Att en upplysning om den som har skyddade personuppgifter lämnas genast, med markeringen, följer av "genast" men står inte i lagen.
#       en: That a notice of a person with a protected identity goes at once, with the mark, follows from "genast" but does not stand in the act.
#   ground: s2026_1637_6
#   order: 41
#   duty: true
#   only_for: [ConditionNotice]
package statutes.sfs_2026_1637_6.section_6

import data.facts
import data.statutes.sfs_2026_1637_6.section_8

conditions := {"holder", "receiver"}

# An exception, a change and an end rest on 8 §.
ref := section_8.ref if section_8.event

# "När socialnämnden har beslutat"
holds contains "holder" if facts.social_board(facts.holder)

# "informera Polismyndigheten"
holds contains "receiver" if facts.receiver.authority == "polismyndigheten"

# [I] "genast": a protected identity waits for no menprövning; the mark goes with the notice.
at_once := true

doubts if input.stated.guardian_protected

reaches_all := true
