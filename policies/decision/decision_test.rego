# Runs the shared cases of tests/cases: make cases
package decision_test

# The input of a case: its own facts over those of its base.
asked(case) := object.union(data.bases[case.base], object.get(case, "input", {}))

cases[title] := case if {
	some name, group in data.cases
	some caption, case in group
	title := concat(": ", [name, caption])
}

# One question for them all.
answers := results if {
	results := data.decision.results with input as {"messages": {title: asked(case) | some title, case in cases}}
}

test_cases_were_loaded if count(cases) >= 1500

# `make cases` tells which differ. A test with subtests would name them, but OPA traces it, which takes ten times as long.
test_shared_cases if count(differing) == 0

# What is missing of an item is told to who gives it: who asks has no item yet.
test_of_a_request_nothing_is_missing if {
	asked_for := data.bases.police_request_to_social_services
	found := data.decision.findings with input as {"messages": {"1": asked_for}}
	count(found["1"]) >= 10
	{way | some way in found["1"][_][_].missing} == set()
}

# What was wanted, what came and why, of each case that is answered otherwise.
differing[title] := {"differs": differs, "because": case.because} if {
	got := answers
	some title, case in cases
	differs := differences(wanted(case), object.get(got, title, {}))
	differs != {}
}

# A case that names no doubt wants none.
wanted(case) := case.want if {
	case.want.quarantine
} else := object.union({"doubtful": []}, case.want)

report contains json.marshal({title: why}) if some title, why in differing

differences(want, got) := {name: {"wanted": value, "came": answered(name, value, got)} |
	some name, value in want
	not agrees(name, value, got)
}

default answered(_, _, _) := "no answer"

answered("items", value, got) := {i: object.filter(got.items[i], object.keys(item)) | some i, item in value}

answered("grounds", _, got) := object.keys(got.grounds)

answered(name, _, got) := object.get(got, name, null) if not name in {"items", "grounds"}

agrees(name, value, got) if {
	name in {"outcome", "partial", "quarantine"}
	got[name] == value
}

agrees("items", value, got) if {
	every i, item in value {
		every field, wanted in item {
			field_agrees(field, wanted, got.items[i])
		}
	}
}

field_agrees(field, wanted, item) if {
	field in {"asks", "uses"}
	{t | some t in wanted} == {t | some t in item[field]}
}

field_agrees("ground", wanted, item) if {
	item.outcome != "withhold"
	item.ground == wanted
}

field_agrees("ground", null, item) if item.outcome == "withhold"

field_agrees("open", wanted, item) if {
	object.keys(wanted) == object.keys(item.open)
	every ground, asks in wanted {
		{t | some t in asks} == {t | some t in item.open[ground].asks}
	}
}

field_agrees("missing", wanted, item) if {{part | some part in way} | some way in wanted} == item.missing

field_agrees(field, wanted, item) if {
	not field in {"asks", "ground", "open", "missing", "uses"}
	item[field] == wanted
}

agrees(name, value, got) if {
	name in {"asks", "consents", "cuts", "doubtful", "marks", "tells"}
	{v | some v in value} == {v | some v in got[name]}
}

agrees("appeal", value, got) if got.appeal == value

agrees("unit", value, got) if got.unit == value

agrees("refs", value, got) if {
	every name, ref in value {
		object.union(got.bars, got.grounds)[name].ref == ref
	}
}

agrees("grounds", value, got) if {g | some g in value} == object.keys(got.grounds)

agrees("bars", value, got) if {
	object.keys(value) == object.keys(got.bars)
	every bar, items in value {
		{i | some i in items} == {i | some i in got.bars[bar].items}
	}
}

agrees("guidance", value, got) if {
	object.keys(value) == object.keys(got.guidance)
	every category, advice in value {
		every field, wanted in advice {
			advice_agrees(field, wanted, got.guidance[category])
		}
	}
}

# ground -> how it binds
advice_agrees("grounds", wanted, advice) if wanted == {ground: row.force | some ground, row in advice.grounds}

advice_agrees("asks", wanted, advice) if {
	{ground: {t | some t in asks} | some ground, asks in wanted} == {ground: {t | some t in row.asks} |
		some ground, row in advice.grounds
	}
}

advice_agrees("bars", wanted, advice) if {bar | some bar in wanted} == object.keys(advice.bars)

advice_agrees("note", wanted, advice) if advice.note == wanted

# Only the packages that a kind's row names are asked; the others have nothing to say of it.
test_an_exchange_that_a_kind_does_not_name_demands_nothing_of_it if {
	every _, group in data.cases {
		every _, case in group {
			message := asked(case)
			named := {name | some name in data.law.kinds[message.kind].exchanges}
			said := {name | some rule in demands; some name; some _ in data.exchanges[name][rule]} with input as message
			count(said - named) == 0
		}
	}
}

demands := {"closed", "open", "cuts", "cut_by", "marks", "grounds", "asks", "doubtful", "appeal"}

# What explain shows: for each ground tried, on each item, what stands against it and what it lacks.
test_findings_are_told_for_each_ground_and_item if {
	asked_for := object.union(data.bases.social_services_to_police, {"basis": ["osl_18a", "osl_23"]})
	findings := data.decision.findings.case with input as {"messages": {"case": asked_for}}
	object.keys(findings) == {"osl_18a", "osl_23"}
	findings.osl_18a["0"].status == "refer"
	findings.osl_18a["0"].unanswered == {"concrete_risk", "not_unsuitable"}
	findings.osl_23["0"].status == "no"
	findings.osl_23["0"].failing == {"committed", "offence"}
}

# What is open of a consent is told by its own reason: nobody is sent for signatures that no agreement asks for.
test_what_is_open_of_a_consent_is_told_by_its_reason if {
	reasons := {
		"consent: consent one guardian is absent": {"who_disposes"},
		"consent: consent the guardian must not know": {"who_disposes"},
		"consent: consent a child under fifteen says no": {"who_disposes"},
		"consent: consent one guardian says no beside the other's yes": {"guardians_differ"},
		"later_no: one of two guardians' later no": {"later_no"},
		"consent: an agreement asks the child from twelve: thirteen, not signed": {"more_signatures"},
	}
	every title, reason in reasons {
		found := data.decision.findings.case with input as {"messages": {"case": asked(cases[title])}}
		found.consent["0"].open == reason
	}
}

# A consent that does not carry says what the nearest form lacks.
test_a_consent_that_fails_says_what_it_lacks if {
	base := data.bases.consent_to_police
	form := base.persons["0"].consents[0]
	lacking := {
		"withdrawn": {"withdrawn": true},
		"form": {"form": "oral"},
		"sending_party": {"parties": ["polismyndigheten", "kommun-0180"]},
		"receiving_party": {"parties": ["kommun-0127", "kommun-0180"]},
		"category": {"categories": ["threat"]},
		"purpose": {"purposes": ["support"]},
		"not_yet": {"valid_from": 20991231, "valid_until": 20991231},
		"ended": {"valid_from": 20200101, "valid_until": 20200101},
		"own_signature": {"subject_yes": false},
		"guardians_signatures": {"guardians_yes": 0},
	}
	every lack, change in lacking {
		forms := [object.union(form, change)]
		asked_for := object.union(base, {"persons": {"0": object.union(base.persons["0"], {"consents": forms})}})
		findings := data.decision.findings.case with input as {"messages": {"case": asked_for}}
		findings.consent["0"].consent_lacks == {lack}
	}
	nearest := object.union(form, {"form": "oral", "valid_from": base.day, "valid_until": base.day})
	farther := object.union(form, {"withdrawn": true, "purposes": ["support"]})
	both := object.union(base, {"persons": {"0": object.union(base.persons["0"], {"consents": [farther, nearest]})}})
	of_nearest := data.decision.findings.case with input as {"messages": {"case": both}}
	of_nearest.consent["0"].consent_lacks == {"form"}
	refused := object.union(form, {"subject_yes": false, "subject_no": true, "guardians_yes": 0})
	child := object.union(base, {"persons": {"0": object.union(base.persons["0"], {"age": 13, "consents": [refused]})}})
	of_child := data.decision.findings.case with input as {"messages": {"case": child}}
	of_child.consent["0"].consent_lacks == {"own_signature", "guardians_signatures"}
	none := object.union(base, {"persons": {"0": object.union(base.persons["0"], {"consents": []})}})
	without := data.decision.findings.case with input as {"messages": {"case": none}}
	without.consent["0"].consent_lacks == {"no_form"}
}

# No row of the tables of authorities and grounds has ended yet; one that has holds through its last day.
test_an_ended_row_holds_through_its_last_day if {
	row := {"from": 20250401, "to": 20261231}
	every day, listed in {20250331: false, 20250401: true, 20261231: true, 20270101: false} {
		{true | data.facts.listed({"authority": row}, "authority")} == {true | listed} with input as {"day": day}
		{true | data.finding.not_in_force(row) == set()} == {true | listed} with input as {"day": day}
	}
}

# Where a scale of another height takes over; those of the table that have ended were as high as their successors.
test_an_ended_scale_holds_through_its_last_day if {
	older := {"degree": "normal", "min_months": 6, "max_months": 24, "stages": [], "from": 20200101, "to": 20260731, "stages_from": 0}
	newer := object.union(older, {"min_months": 24, "from": 20260801, "to": null})
	every day, minimum in {20191231: "unknown", 20200101: "below", 20260731: "below", 20260801: "reached", 20991231: "reached"} {
		offence := {"provision": {"provision": "BrB 3:6"}, "degree": null, "day": day}
		found := data.offences.minimum(offence, 12) with data.offences.scales as {"BrB 3:6": [older, newer]}
		found == minimum
	}
}

test_a_lost_table_lets_nothing_through if {
	every message in data.bases {
		not data.decision.verdict with input as message with data.law as {}
	}
}
