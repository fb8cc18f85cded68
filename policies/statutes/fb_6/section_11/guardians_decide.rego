# METADATA
# title: SFS 1949:381, 6 kap. 11 § – Föräldrabalk
# description: |
#   Vårdnadshavaren har rätt och skyldighet att bestämma i frågor som rör barnets personliga angelägenheter. Vårdnadshavaren skall därvid i takt med barnets stigande ålder och utveckling ta allt större hänsyn till barnets synpunkter och önskemål.
# custom:
#   ref: FB 6:11
#   statute: Föräldrabalk (1949:381)
#   in_force: "2009-06-30"
#   amended_by: Lag (1983:47)
#   as_of: "2026-08-20"
#   doubts:
#     - en: "The provision is older: 2009-06-30 is the day of OSL 12:3, through which it is used here."
#       sv: "Bestämmelsen är äldre: 2009-06-30 är ikraftträdandedagen för OSL 12:3, genom vilken den används här."
package statutes.fb_6.section_11

# No rule of its own: whence the guardians' signatures in OSL 12:3.
