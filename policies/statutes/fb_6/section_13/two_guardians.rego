# METADATA
# title: SFS 1949:381, 6 kap. 13 § – Föräldrabalk
# description: |
#   Står barnet under vårdnad av två vårdnadshavare, skall vad som sägs i 11 eller 12 § gälla dem tillsammans.
#
#   Är en av vårdnadshavarna till följd av frånvaro, sjukdom eller annan orsak förhindrad att ta del i sådana beslut rörande vårdnaden som inte utan olägenhet kan uppskjutas, bestämmer den andre ensam. Denne får dock inte ensam fatta beslut av ingripande betydelse för barnets framtid, om inte barnets bästa uppenbarligen kräver det.
#
#   I 8 a § finns bestämmelser om ändring i vårdnaden när den ena föräldern är varaktigt förhindrad att utöva vårdnaden.
# custom:
#   ref: FB 6:13
#   statute: Föräldrabalk (1949:381)
#   in_force: "2009-06-30"
#   amended_by: Lag (2005:430)
#   as_of: "2026-08-20"
#   doubts:
#     - en: "The provision is older: 2009-06-30 is the day of OSL 12:3, through which it is used here."
#       sv: "Bestämmelsen är äldre: 2009-06-30 är ikraftträdandedagen för OSL 12:3, genom vilken den används här."
#     - en: That it also governs who may lift secrecy for the child is an inference.
#       sv: Att bestämmelsen även styr vem som får häva sekretess som gäller till skydd för barnet är en tolkning.
package statutes.fb_6.section_13

# No rule of its own: two guardians decide together, one alone when the other is prevented, which OSL 12:3 leaves open.
