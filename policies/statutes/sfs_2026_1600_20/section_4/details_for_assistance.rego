# METADATA
# title: SFS 2026:1600, 20 kap. 4 § – Uppgifter till den verkställande myndigheten
# description: |
#   Den som begär hjälp enligt 1 § ska lämna den verkställande myndigheten de uppgifter om barnet eller den unge och en närstående till honom eller henne som behövs för planeringen och genomförandet av åtgärden.
# custom:
#   ref: 2026:1600 20:4
#   statute: Lag (2026:1600) om omhändertagande för vård av barn och unga
#   in_force: "2027-01-01"
#   amended_by: Lag (2026:1600)
#   as_of: "2026-08-25"
#   doubts:
#     - sv: Att hjälp har begärts, och för en åtgärd som 1 § nämner, uppges av den som begärt den.
#       en: That help has been asked for, with a measure that 1 § names, is stated by whoever asked.
#     - sv: Också en domstol lämnar uppgifter med stöd av paragrafen, då den kan begära hjälp enligt 1 § 1.
#       en: A court too gives information under the section, as it may ask for help under 1 § 1.
#   ground: s2026_1600_20_4
#   order: 38
#   duty: true
#   only_when_claimed: true
#   reaches_unnamed: true
package statutes.sfs_2026_1600_20.section_4

import data.facts
import data.statutes.sfs_2026_1600_20.section_1

conditions := {"holder", "receiver", "assistance_requested"}

uses := {"assistance_requested"}

# "Den som begär hjälp enligt 1 §"
holds contains "holder" if section_1.asks_for_help(facts.holder)

# "den verkställande myndigheten"
holds contains "receiver" if section_1.helps

holds contains "assistance_requested" if "assistance_requested" in input.circumstances

# Not stated is not none: whether help has been asked for is for the sender to say.
unknown contains "assistance_requested"

settling[i].assistance_requested := {{"fact": "assistance_requested"}} if some i, _ in input.items

# "som behövs för planeringen och genomförandet av åtgärden"
asks := {"need": true}

reaches_all := true
