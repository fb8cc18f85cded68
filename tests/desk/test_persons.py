"""A person is found in the desk's cases by number: no number lies in clear, none is in an address."""

import pytest
from lines import number

from agents.agency import Address
from tests.desk.side import CHILD, HIDDEN, REQUEST, SARA, Side, delivery

BOY = {"id_type": "personnummer", "id": "201003142393"}


def test_a_person_is_found_in_each_case_however_the_number_is_written(either: Side) -> None:
    store, to = either.store, Address("polismyndigheten", "police_area")
    given = {"items": [{"category": "network", "content": "x", "concerns": [{"subject": BOY}]}]}
    either.come(delivery(1), delivery(2, body=REQUEST | {"subject": HIDDEN}), delivery(3, "Disclosure", body=given))
    draft = store.drafts.new("InformationRequest", user=SARA, to=to, body={**REQUEST, "subject": BOY})
    assert store.persons.cases(BOY["id"]) == [store.inbox.row(number(3)).case], "not what is only being written"
    store.drafts.send(draft.number, SARA)
    of = {n: store.inbox.row(number(n)).case for n in (1, 2, 3)}
    for said in (CHILD["id"], "20090412-2389", " 20090412 2389 "):
        assert store.persons.cases(said) == [of[2], of[1]], said
    assert store.persons.cases(BOY["id"]) == [draft.case, of[3]]
    assert store.persons.cases("201103042386") == store.persons.cases("") == []
    either.store.destroy(of[2])
    assert either.store.persons.cases(CHILD["id"]) == [of[1]]


def test_a_reserve_number_is_found_as_it_was_written(side: Side) -> None:
    body = REQUEST | {"subject": {"id_type": "reserve", "id": "99-AB 1", "id_issuer": "region-stockholm"}}
    side.come(delivery(1, body=body))
    assert side.store.persons.cases("99-ab1") == [side.store.inbox.row(number(1)).case]


def test_what_is_anonymous_leads_to_nobody(side: Side) -> None:
    body = {"anonymous": True, "text": "x", "subject": BOY}
    draft = side.store.drafts.new("Tip", user=SARA, to=Address("polismyndigheten"), body=body)
    side.store.drafts.send(draft.number, SARA)
    assert side.store.persons.cases(BOY["id"]) == []


def test_a_key_of_what_came_to_nothing_is_not_used_again(side: Side) -> None:
    with pytest.raises(RuntimeError), side.store.transaction():
        side.store.persons.note(1, CHILD)
        raise RuntimeError
    side.come(delivery(1))
    side.restart()
    assert side.store.persons.cases(CHILD["id"]) != []


def test_another_desk_has_other_tokens(side: Side, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = Side(tmp_path_factory.mktemp("other"))
    tokens = set()
    for one in (side, other):
        one.come(delivery(1))
        with one.store.database.reading() as connection:
            tokens |= set(connection.exec_driver_sql("select token from desk_person").scalars())
    other.close()
    assert len(tokens) == 2
