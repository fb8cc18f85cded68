"""Contents at the desk: sealed to whom they go to, opened where they come, kept as its own there."""

import base64
import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lines import POLICE, Json

from agents.agency import Address, Delivery, Sealing
from agents.agency.sealing import KeyPair, bound
from agents.agency.sealing_keys import OwnKeys
from agents.desk.desk import Desk
from broker.web.access import TOKEN
from tests.desk.side import BOARD, CHILD, SARA, Side, delivery
from tests.desk.web_desk import ADDRESS, add_user, logged_in, token_in

SECRET = "Kanariefågel i akten."
FILE = base64.b64encode(b"%PDF-1.7 kanarie").decode()


@pytest.fixture
def side(tmp_path: Path) -> Iterator[Side]:
    """A desk with a key, which writes to the Police, who has one."""
    register = tmp_path / "authorities.json"
    rows = [
        {"authority": address, "keys": [OwnKeys(tmp_path / "sealing" / address).new(address, date(2026, 1, 1))]}
        for address in (BOARD, POLICE)
    ]
    register.write_text(json.dumps(rows), "utf-8")
    side = Side(tmp_path)
    side.settings = replace(side.settings, sealing=tmp_path / "sealing" / BOARD, register=register)
    side.restart()
    yield side
    side.close()


def came(side: Side, n: int = 1) -> Json:
    """A disclosure from the Police, as it goes through the broker."""
    items = [{"category": "observation", "content": SECRET, "secrecy": ["OSL 18:1"]}]
    items.append({"category": "other", "content": FILE, "content_type": "application/pdf", "secrecy": ["OSL 18:1"]})
    line = delivery(n, "Disclosure", body={"subject": CHILD, "items": items})
    sealed = Sealing(None, side.settings.register).seal(line["message"])
    assert SECRET not in json.dumps(sealed, ensure_ascii=False)
    return line | {"message": sealed}


def page_of(side: Side, address: str) -> str:
    settings = replace(side.settings, address=ADDRESS, accounts=True)
    desk = Desk(BOARD, settings, side.store, side.courier, side.clock)
    add_user(desk, may=["read", "answer", "register"])
    return str(logged_in(desk).get(address).text)


def test_what_comes_sealed_is_read_and_says_that_it_was(side: Side) -> None:
    line = came(side)
    side.come(line)
    message = line["message"]["id"]
    shown = page_of(side, f"/m/{message}")
    assert SECRET in shown and "Kom förseglat: bara ni har kunnat läsa det." in shown
    kept = side.store.inbox.content(message)
    assert isinstance(kept, Delivery) and [item["content"] for item in kept.body["items"]] == [SECRET, FILE]


def test_it_is_not_handed_to_a_unit_that_could_not_open_it(side: Side) -> None:
    line = came(side)
    side.come(line)
    settings = replace(side.settings, address=ADDRESS, accounts=True)
    desk = Desk(BOARD, settings, side.store, side.courier, side.clock)
    add_user(desk, may=["read", "answer", "register"])
    client, address = logged_in(desk), f"/m/{line['message']['id']}"
    token = token_in(client.get(address).text)
    told = client.post(f"{address}/enhet", data={TOKEN: token, "enhet": "school"})
    assert told.status_code == 422 and "en annan verksamhet kan inte öppna det" in told.text
    assert not [m for m in side.store.drafts.queued() if m.body.get("state") == "handed_over"]


def test_what_no_key_here_opens_says_so_and_opens_when_the_key_is_back(side: Side, tmp_path: Path) -> None:
    away = tmp_path / "away"
    (tmp_path / "sealing" / BOARD).rename(away)
    line = came(side)
    side.come(line)
    address = f"/m/{line['message']['id']}"
    shown = page_of(side, address)
    assert "Förseglat med en nyckel som inte finns här." in shown and SECRET not in shown and "fil/" not in shown
    away.rename(tmp_path / "sealing" / BOARD)
    kept = side.store.inbox.content(line["message"]["id"])
    assert isinstance(kept, Delivery) and kept.body["items"][0]["content"] == SECRET


def test_a_content_that_was_changed_is_not_shown(side: Side) -> None:
    line = deepcopy(came(side))
    line["message"]["body"]["items"][0]["category"] = "threat"
    side.come(line)
    shown = page_of(side, f"/m/{line['message']['id']}")
    assert "något är ändrat på vägen" in shown and SECRET not in shown


def queued(side: Side) -> Any:
    items = [{"category": "social_record", "content": SECRET, "secrecy": ["OSL 26:1"]}]
    draft = side.store.drafts.new(
        "Disclosure", user=SARA, to=Address(POLICE, "police_area"), body={"subject": CHILD, "items": items}
    )
    return side.store.drafts.send(draft.number, SARA)


def test_what_goes_is_sealed_by_default_and_stays_readable_here(side: Side, tmp_path: Path) -> None:
    draft = queued(side)
    assert side.courier.round()
    (sent,) = [json.loads(message.message) for message in side.stage.sent]
    (item,) = sent["body"]["items"]
    assert "content" not in item
    (key,) = list(OwnKeys(tmp_path / "sealing" / POLICE))
    own = OwnKeys(tmp_path / "sealing" / POLICE).get(key["id"])
    assert isinstance(own, KeyPair) and own.open(item["sealed"], bound(sent, item)) == SECRET
    assert SECRET in page_of(side, f"/m/{draft.message_id}")


def test_what_can_not_be_sealed_is_its_author_s_again(side: Side) -> None:
    register = side.settings.register
    assert register is not None
    rows = json.loads(register.read_text("utf-8"))
    rows[1]["keys"][0]["revoked"] = "2026-11-01"
    register.write_text(json.dumps(rows), "utf-8")
    draft = queued(side)
    assert side.courier.round() and side.stage.sent == []
    back = side.store.drafts.get(draft.number)
    assert back.state == "draft" and (back.question or "").startswith("Mottagarens nyckel gäller inte längre")


def test_it_is_said_before_it_is_sent(side: Side) -> None:
    items = [{"category": "social_record", "content": SECRET, "secrecy": ["OSL 26:1"]}]
    draft = side.store.drafts.new(
        "Disclosure", user=SARA, to=Address(POLICE, "police_area"), body={"subject": CHILD, "items": items}
    )
    assert "Innehållet förseglas så att bara mottagaren kan läsa det" in page_of(
        side, f"/utkast/{draft.number}/forhand"
    )
