# METADATA
# title: SFS 2010:800, 29 kap. 14 § – Skollag
# description: |
#   Den som är eller har varit verksam i enskilt bedriven förskola, enskilt bedrivet fritidshem eller inom sådan enskilt bedriven verksamhet som avses i 25 kap., får inte obehörigen röja vad han eller hon därvid har fått veta om enskildas personliga förhållanden.
#
#   Den som är eller har varit verksam inom annan enskilt bedriven verksamhet enligt denna lag än som avses i första stycket får inte obehörigen röja vad han eller hon i sådan elevhälsoverksamhet som avser psykologisk, psykosocial eller specialpedagogisk insats eller i särskild elevstödjande verksamhet i övrigt har fått veta om någons personliga förhållanden. Han eller hon får inte heller obehörigen röja uppgifter i ett ärende om tillrättaförande av en elev eller om skiljande av en elev från vidare studier.
#
#   Den som är eller har varit verksam inom enskilt bedriven gymnasieskola eller enskilt bedriven anpassad gymnasieskola får inte obehörigen röja vad han eller hon har fått veta om någons personliga förhållanden i ett ärende enligt 22 kap. 14 § om mottagande till utbildning där distansundervisning används.
#
#   För det allmännas verksamhet gäller bestämmelserna i offentlighets- och sekretesslagen (2009:400).
# custom:
#   ref: skollagen 29:14
#   statute: Skollag (2010:800)
#   in_force: null
#   amended_by: Lag (2025:729)
#   as_of: "2026-08-22"
#   coming:
#     - from: "2027-01-01"
#       amended_by: Lag (2026:716)
#       text: |
#         Den som är eller har varit verksam i enskilt bedriven förskola, enskilt bedrivet fritidshem eller inom sådan enskilt bedriven verksamhet som avses i 25 kap., får inte obehörigen röja vad han eller hon därvid har fått veta om enskildas personliga förhållanden.
#
#         Den som är eller har varit verksam inom annan enskilt bedriven verksamhet enligt denna lag än som avses i första stycket får inte obehörigen röja vad han eller hon i sådan elevhälsoverksamhet som avser psykologisk, psykosocial eller specialpedagogisk insats eller i särskild elevstödjande verksamhet i övrigt har fått veta om någons personliga förhållanden. Han eller hon får inte heller obehörigen röja uppgifter i ett ärende om tillrättaförande av en elev eller om skiljande av en elev från vidare studier.
#
#         Den som är eller har varit verksam inom enskilt bedriven gymnasieskola eller enskilt bedriven anpassad gymnasieskola får inte obehörigen röja vad han eller hon har fått veta om någons personliga förhållanden i ett ärende enligt 22 kap. 14 § om mottagande till utbildning där distansundervisning används.
#
#         För det allmännas verksamhet och för verksamhet hos enskilda huvudmän inom skolväsendet som avses i 2 kap. 3 a § offentlighets- och sekretesslagen (2009:400) finns bestämmelser i den lagen.
#   doubts: []
package statutes.skol_29.section_14

# No rule of its own: professional secrecy (tystnadsplikt) in private schools, which senders name. From 2027-01-01 it binds
# those that OSL 2:3 a does not equate with an authority.
