# METADATA
# title: Which secrecy a rule names
# description: A table names a whole section ("OSL 26:1") or one of its paragraphs ("OSL 25:2 2 st").
package reach

named(table, provision) if provision.provision in table

named(table, provision) if provision.named in table

# The table names one paragraph of the section, and the sender left out which one it is: the reading is open.
unclear(table, provision) if {
	provision.stycke == null
	some number in {"1", "2", "3"}
	concat(" ", [provision.provision, number, "st"]) in table
}
