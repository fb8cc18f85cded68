# METADATA
# title: SFS 2009:400, 21 kap. 3 § – Adress, telefon, m.m.
# description: |
#   Sekretess gäller för uppgift om en enskilds bostadsadress eller annan jämförbar uppgift som kan lämna upplysning om var den enskilde bor stadigvarande eller tillfälligt, den enskildes telefonnummer, e-postadress eller annan jämförbar uppgift som kan användas för att komma i kontakt med denne samt för motsvarande uppgifter om den enskildes anhöriga, om det av särskild anledning kan antas att den enskilde eller någon närstående till denne kan komma att utsättas för hot eller våld eller lida annat allvarligt men om uppgiften röjs.
#
#   Sekretessen gäller inte för uppgift i aktiebolagsregistret eller handelsregistret eller, i den utsträckning regeringen meddelar föreskrifter om det, i annat liknande register. Sekretessen gäller inte heller för uppgift om beteckning på fastighet eller tomträtt. Sekretessen gäller dock för uppgift om beteckning på fastighet hos en hyres- och arrendenämnd eller hos en domstol efter att en sådan nämnds beslut överklagats.
#
#   Sekretess gäller för uppgift om kopplingen mellan fingerade personuppgifter som en enskild har medgivande att använda enligt lagen (1991:483) om fingerade personuppgifter och den enskildes verkliga personuppgifter, om det inte står klart att uppgiften kan röjas utan att den enskilde eller någon närstående till denne lider men.
#
#   För uppgift i en allmän handling gäller sekretessen i högst sjuttio år.
# custom:
#   ref: OSL 21:3
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2009-06-30"
#   amended_by: Lag (2020:277)
#   as_of: "2026-08-18"
#   doubts:
#     - en: That a protection flag or marking always stops automatic release until a person has made the harm test is an inference from 21:3, 21:3 a and 5:5.
#       sv: Att en sekretessmarkering eller annan markering om skyddad identitet alltid hindrar automatiskt utlämnande till dess att en människa har gjort en menprövning är en slutsats av OSL 21:3, 21:3 a och 5:5.
package statutes.osl_21.section_3

# No rule of its own: the brake on a protected identity stands in package items.
