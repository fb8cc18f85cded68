# METADATA
# title: SFS 1964:167, 31 § – Utredning om brott av den som inte har fyllt femton år
# description: |
#   Om någon kan misstänkas för att före femton års ålder ha begått ett brott för vilket det inte är föreskrivet lindrigare straff än fängelse i ett år eller ett straffbelagt försök, en straffbelagd förberedelse eller en straffbelagd stämpling till ett sådant brott ska en utredning om brottet inledas, om inte särskilda skäl talar mot det.
#
#   På begäran av socialnämnden får en utredning om brott även inledas i andra fall avseende någon som inte har fyllt femton år, om socialnämnden bedömer att utredningen kan antas ha betydelse för att avgöra behovet av socialtjänstens insatser för den unge. Vid denna bedömning ska det särskilt beaktas om det är fråga om ett brott som innebär att den unge äventyrar sin hälsa eller utveckling eller om brottet kan antas utgöra ett led i en upprepad brottslighet begången av den unge.
#
#   I andra fall än som avses i första och andra styckena får en utredning om brott inledas avseende någon som inte har fyllt femton år
#   1. om det behövs för att klarlägga om någon som får dömas till påföljd har tagit del i brottet,
#   2. om det behövs för att efterforska gods som har kommits åt genom brottet eller som kan bli föremål för förverkande, eller
#   3. om det av andra skäl är påkallat med hänsyn till allmänna eller enskilda intressen.
#
#   Har den unge inte fyllt tolv år får en utredning enligt andra eller tredje stycket inledas endast om det finns synnerliga skäl.
# custom:
#   ref: 1964:167 31 §
#   statute: Lag (1964:167) med särskilda bestämmelser om unga lagöverträdare
#   in_force: "2026-09-10"
#   amended_by: Lag (2026:1530)
#   as_of: "2026-08-22"
#   doubts: []
package statutes.lul.section_31

# That such an inquiry has begun, of which 34 § has the social board told: the sender states it.
opened if "inquiry_31_opened" in input.circumstances
