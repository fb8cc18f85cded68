# METADATA
# title: Words along with a request, a question, an answer or a recall
# description: They are about the matter. What concerns a person is given item by item, each with its ground (OSL 8:1, 10:1); so a person's number in them waits for a human. Names in prose are not found.
package exchanges.texts

open contains "personal_data" if {
	"texts" in data.law.kinds[input.kind].exchanges
	not _impersonal
}

_impersonal if input.stated.personal_data == false
