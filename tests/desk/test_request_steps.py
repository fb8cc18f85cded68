"""A request is written step by step, and each step mends its own."""

from agents.desk.forms.fields import fields_of
from agents.desk.forms.reading import check
from agents.desk.forms.request import KIND, STEPS, faults_of, fill_step, next_step, read_step

PAGES = {
    "about": {"subject.id": ["20100314-2393"], "purpose": ["avert"]},
    "what": {"categories": ["network"], "need": ["Ett brott ska hindras."], "period.from": ["2026-09-01"]},
    "ground": {},
    "secrecy": {"secrecy": ["OSL 18:1", ""], "may_be_told.child": ["day"], "may_be_told.child.day": ["2026-12-24"]},
    "urgency": {"urgency": ["urgent"], "deadline": ["2026-12-02"]},
}


def test_each_field_of_a_request_stands_in_one_step() -> None:
    assert sorted(name for step in STEPS for name in step.asks) == sorted(field.name for field in fields_of(KIND))


def test_a_request_is_whole_when_its_steps_are() -> None:
    body: dict[str, object] = {}
    assert next_step(body, has_recipient=False) == 0
    for n, step in enumerate(STEPS[1:-1], 1):
        optional = step.name in ("ground", "secrecy")
        assert bool(faults_of(step, body)) is not optional
        body = read_step(step, body, PAGES[step.name])
        assert faults_of(step, body) == {}
        assert next_step(body, has_recipient=True) >= n
    assert check(KIND, body) == {}
    assert next_step(body, has_recipient=True) == len(STEPS) - 1
    for step in STEPS:
        assert read_step(step, body, fill_step(step, body)) == body


def test_a_step_changes_nothing_but_its_own() -> None:
    body = read_step(STEPS[1], {"need": "x"}, PAGES["about"])
    assert read_step(STEPS[1], body, {}) == {"need": "x"}


def test_how_urgent_it_is_is_asked() -> None:
    urgency = next(step for step in STEPS if step.name == "urgency")
    assert faults_of(urgency, {"urgency": "routine"}) == {}
    assert faults_of(urgency, {})["urgency"] == "missing"
