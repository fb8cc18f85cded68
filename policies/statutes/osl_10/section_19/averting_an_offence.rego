# METADATA
# title: SFS 2009:400, 10 kap. 19 § – Förhindrande eller avbrytande av vissa brott
# description: |
#   Sekretessen enligt 25 kap. 1 §, 2 § andra stycket och 3-5 §§ och 26 kap. 1 §, 1 a § andra stycket, 3, 4 och 6 §§ hindrar inte att en uppgift lämnas till Polismyndigheten eller någon annan myndighet som ska ingripa mot brott, om uppgiften behövs för att förhindra ett förestående eller avbryta ett pågående brott som avses i
#   1. 4 eller 4 a § lagen (1951:649) om straff för vissa trafikbrott,
#   2. 13 kap. 2 eller 3 § luftfartslagen (2010:500),
#   3. 30 § lagen (1990:1157) om säkerhet vid tunnelbana och spårväg,
#   4. 20 kap. 4 eller 5 § sjölagen (1994:1009),
#   5. 7 kap. 2, 3 eller 4 § järnvägssäkerhetslagen (2022:367), eller
#   6. 8 kap. 2, 3 eller 4 § lagen (2022:368) om nationella järnvägssystem.
# custom:
#   ref: OSL 10:19
#   statute: Offentlighets- och sekretesslag (2009:400)
#   in_force: "2009-06-30"
#   amended_by: Lag (2022:916)
#   as_of: "2026-08-18"
#   doubts:
#     - en: Which other authority intervenes against the offence is open.
#       sv: Vilken annan myndighet som ska ingripa mot brottet är en öppen fråga.
#     - en: Where only one paragraph of a section is named and the sender left out which, the reading is open.
#       sv: Där lagrummet anger bara ett visst stycke i en sekretessparagraf och avsändaren inte har uppgett vilket stycke som är tillämpligt är det en öppen fråga vad som gäller.
#   ground: osl_19
#   order: 12
#   holder: [facts.social_services, facts.health_care]
#   receiver: [sfs_2025_170/section_2]
#   reaches_unnamed: true
package statutes.osl_10.section_19

import data.facts

conditions := {"holder", "receiver", "offence"}

uses := {"offence"}

names := {
	"OSL 25:1", "OSL 25:2 2 st", "OSL 25:3", "OSL 25:4", "OSL 25:5",
	"OSL 26:1", "OSL 26:1 a 2 st", "OSL 26:3", "OSL 26:4", "OSL 26:6",
}

# Points 1-6
_offences := {
	"1951:649 4 §", "1951:649 4 a §",
	"2010:500 13:2", "2010:500 13:3",
	"1990:1157 30 §",
	"1994:1009 20:4", "1994:1009 20:5",
	"2022:367 7:2", "2022:367 7:3", "2022:367 7:4",
	"2022:368 8:2", "2022:368 8:3", "2022:368 8:4",
}

holds contains "holder" if facts.social_services(facts.holder)

holds contains "holder" if facts.health_care(facts.holder)

holds contains "receiver" if facts.receiver.authority == "polismyndigheten"

# [I] which other authority "som ska ingripa mot brott" intervenes against this one.
open contains "receiver" if facts.law_enforcement(facts.receiver)

holds contains "offence" if input.offence.provision.provision in _offences

# "för att förhindra ett förestående eller avbryta ett pågående brott"
asks := {"imminent_danger": true}
