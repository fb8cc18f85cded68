# METADATA
# title: SFS 2026:1600, 20 kap. 1 § – Hjälp av Polismyndigheten och Kriminalvården
# description: |
#   Polismyndigheten ska lämna hjälp för att på begäran av
#   1. socialnämnden, nämndens ordförande eller rätten ge en läkare, som avses i 11 kap. 4 §, tillträde till barnets eller den unges hem eller föra barnet eller den unge till läkarundersökningen,
#   2. socialnämnden eller någon ledamot eller tjänsteman som nämnden har förordnat genomföra beslut om omhändertagande för vård eller omedelbart omhändertagande för vård eller för tillfällig vård, eller
#   3. Statens institutionsstyrelse efterforska och hämta ett barn eller en ung person som är omhändertagen för vård på grund av något sådant eget beteende som anges i 3 kap. 3 § och placerad på ett särskilt ungdomshem, om barnet eller den unge har avvikit från ungdomshemmet, eller för att ombesörja någon annan förflyttning av honom eller henne.
#
#   Om det gäller en transport av ett barn eller en ung person som placerats i ett särskilt ungdomshem ska Kriminalvården lämna sådan hjälp som anges i första stycket.
# custom:
#   ref: 2026:1600 20:1
#   statute: Lag (2026:1600) om omhändertagande för vård av barn och unga
#   in_force: "2027-01-01"
#   amended_by: Lag (2026:1600)
#   as_of: "2026-08-25"
#   doubts: []
package statutes.sfs_2026_1600_20.section_1

import data.facts

_sis := "statens-institutionsstyrelse"

# "på begäran av … socialnämnden, nämndens ordförande eller rätten … Statens institutionsstyrelse"
default asks_for_help(_) := false

asks_for_help(party) if facts.social_board(party)

asks_for_help(party) if "court" in party.kinds

asks_for_help(party) if party.authority == _sis

# "Polismyndigheten ska lämna hjälp"
helps if facts.receiver.authority == "polismyndigheten"

# "en transport av ett barn eller en ung person som placerats i ett särskilt ungdomshem": those are SiS's own.
helps if {
	facts.receiver.authority == "kriminalvarden"
	facts.holder.authority == _sis
}
