"""A provider in a federation: what its anchor signs is gone by, and nothing else."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey

from agents.desk.web.app import create_app
from broker.web.access import TOKEN
from broker.web.faults import SiteError
from broker.web.federation import Anchor, NotTrusted
from tests.desk.anchor import AnchorServer, anchored
from tests.desk.test_web_oidc import OIDC
from tests.desk.web_desk import browser, new_desk, token_in

ISSUER = "https://login.example.se"
MARK = "https://anchor.example.se/mark/loa3"
METADATA = {"issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/authorize", "jwks": {"keys": []}}


@pytest.fixture
def anchor() -> Iterator[AnchorServer]:
    with anchored(METADATA, [{"trust_mark_type": MARK, "trust_mark": "x"}]) as server:
        yield server


def settings(anchor: AnchorServer, folder: Path) -> dict[str, Any]:
    """As a desk is told of it."""
    return {"anchor": anchor.address, "keys": anchor.keys(folder), "trust_marks": [MARK]}


def resolve(anchor: AnchorServer, folder: Path) -> tuple[dict[str, Any], float]:
    return asyncio.run(Anchor(settings(anchor, folder)).resolve(ISSUER))


def test_the_anchor_s_word_is_the_provider_s_metadata(anchor: AnchorServer, tmp_path: Path) -> None:
    metadata, until = resolve(anchor, tmp_path)
    assert metadata == METADATA and 500 < until - time.time() < 700
    asked = {"sub": [ISSUER], "trust_anchor": [anchor.address], "entity_type": ["openid_provider"]}
    assert anchor.asked == [asked]


def test_a_mark_by_its_older_name_counts(anchor: AnchorServer, tmp_path: Path) -> None:
    anchor.marks = [{"id": MARK, "trust_mark": "x"}]
    assert resolve(anchor, tmp_path)[0] == METADATA


def test_however_long_it_holds_it_is_asked_anew_each_day(anchor: AnchorServer, tmp_path: Path) -> None:
    anchor.said = {"exp": int(time.time()) + 10_000_000}
    assert resolve(anchor, tmp_path)[1] - time.time() <= 86_400


def _another_key(anchor: AnchorServer) -> None:
    anchor.key = ECKey.generate_key("P-256", {"kid": "anchor-1"})


def _public_key_as_secret(anchor: AnchorServer) -> None:
    anchor.key = OctKey.import_key(json.dumps(anchor.key.as_dict(private=False)))
    anchor.header = {"alg": "HS256"}


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize(
    "wrong",
    [
        _another_key,
        _public_key_as_secret,
        lambda anchor: anchor.said.update(iss="https://other.example.se"),
        lambda anchor: anchor.said.update(sub="https://other.example.se"),
        lambda anchor: anchor.said.update(exp=int(time.time()) - 1),
        lambda anchor: anchor.said.update(iat=int(time.time()) + 3600),
        lambda anchor: anchor.said.update(exp=None),
        lambda anchor: anchor.said.update(metadata={}),
        lambda anchor: anchor.said.update(metadata={"openid_provider": METADATA | {"issuer": "https://other.se"}}),
        lambda anchor: anchor.own.update(exp=int(time.time()) - 1),
        lambda anchor: anchor.own.update(sub="https://other.example.se"),
        lambda anchor: anchor.header.update(typ="JWT"),
        lambda anchor: anchor.marks.clear(),
        lambda anchor: anchor.marks.__setitem__(0, "no object"),
        lambda anchor: setattr(anchor, "endpoint", "http://anybody.example.se/resolve"),
        lambda anchor: setattr(anchor, "moved", True),
        lambda anchor: setattr(anchor, "padding", 2_000_000),
    ],
)
def test_what_the_anchor_does_not_vouch_for_is_not_trusted(
    anchor: AnchorServer, tmp_path: Path, wrong: Callable[[AnchorServer], object]
) -> None:
    file = anchor.keys(tmp_path).read_bytes()
    wrong(anchor)
    said = settings(anchor, tmp_path)
    said["keys"].write_bytes(file)
    with pytest.raises(NotTrusted) as fault:
        asyncio.run(Anchor(said).resolve(ISSUER))
    assert "example.se" not in str(fault.value)


def test_an_anchor_that_is_away_is_no_reason_to_let_anybody_in(tmp_path: Path) -> None:
    with anchored(METADATA, []) as anchor:
        said = settings(anchor, tmp_path)
    with pytest.raises(NotTrusted):
        asyncio.run(Anchor(said).resolve(ISSUER))


@pytest.mark.parametrize(
    "more",
    [
        {"anchor": ""},
        {"anchor": "http://anchor.example.se"},
        {"anchor": 7},
        {"keys": "anchor.jwks"},
        {"trust_marks": MARK},
        {"trust_anchor": "x"},
        {"keys": Path("/nowhere/anchor.jwks")},
    ],
)
def test_settings_that_say_too_little_are_refused_at_the_start(
    anchor: AnchorServer, tmp_path: Path, more: dict[str, Any]
) -> None:
    with pytest.raises(SiteError, match="federation"):
        Anchor(settings(anchor, tmp_path) | more)


def test_at_the_desk_nobody_is_sent_to_a_provider_that_is_not_trusted(anchor: AnchorServer, tmp_path: Path) -> None:
    """And is, as soon as the anchor vouches for it; its own word is never asked for."""
    oidc = OIDC | {"issuer": ISSUER, "federation": settings(anchor, tmp_path)}
    desk = new_desk(tmp_path, accounts=False, oidc=oidc)
    client = browser(create_app(desk))
    data = {TOKEN: token_in(client.get("/logga-in").text)}
    anchor.marks.clear()
    refused = client.post("/logga-in/legitimera", data=data)
    assert refused.status_code == 502 and ISSUER not in refused.text
    anchor.marks.append({"trust_mark_type": MARK, "trust_mark": "x"})
    for _ in range(2):
        sent = client.post("/logga-in/legitimera", data=data)
        assert sent.status_code == 303 and sent.headers["location"].startswith(f"{ISSUER}/authorize?")
    assert len(anchor.asked) == 2, "the second time what it said still holds"
    desk.store.close()
