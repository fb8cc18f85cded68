# METADATA
# title: SFS 2010:800, 29 kap. 14 § – Skollag
# description: |
#   Den som är eller har varit verksam i enskilt bedriven förskola, enskilt bedrivet fritidshem eller inom sådan enskilt bedriven verksamhet som avses i 25 kap., får inte obehörigen röja vad han eller hon därvid har fått veta om enskildas personliga förhållanden.
#
#   Den som är eller har varit verksam inom annan enskilt bedriven verksamhet enligt denna lag än som avses i första stycket får inte obehörigen röja vad han eller hon i sådan elevhälsoverksamhet som avser psykologisk, psykosocial eller specialpedagogisk insats eller i särskild elevstödjande verksamhet i övrigt har fått veta om någons personliga förhållanden. Han eller hon får inte heller obehörigen röja uppgifter i ett ärende om tillrättaförande av en elev eller om skiljande av en elev från vidare studier.
#
#   Den som är eller har varit verksam inom enskilt bedriven gymnasieskola eller enskilt bedriven anpassad gymnasieskola får inte obehörigen röja vad han eller hon har fått veta om någons personliga förhållanden i ett ärende enligt 22 kap.
# custom:
#   ref: skollagen 29:14
#   statute: Skollag (2010:800)
#   in_force: null
#   ceases: "2027-01-01"
#   as_of: "2026-08-20"
#   doubts: []
package statutes.skol_29.section_14

# No rule of its own: professional secrecy (tystnadsplikt) in private schools until 2027-01-01, which senders name.
