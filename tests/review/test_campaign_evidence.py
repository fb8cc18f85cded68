"""The sample of a review as evidence: the page's archive is the command's, which a stranger verifies."""

import shutil
from contextlib import ExitStack
from pathlib import Path

from command import samband

from broker.evidence import archive
from broker.review.room import open_room
from broker.review.settings import read
from tests.review.broker_log import append, leaf
from tests.review.conftest import REGISTER
from tests.review.web_room import Clock, add_user, logged_in


def test_the_page_hands_out_what_the_command_does(town: Path, tmp_path: Path) -> None:
    shutil.copytree(town, tmp_path / "data")
    file = tmp_path / "review.toml"
    file.write_text(
        f'data = "data"\nregister = "{REGISTER}"\naddress = "http://127.0.0.1:8080"\naccounts = true\n', "utf-8"
    )
    line = ("audit", "evidence", "--campaign", "1", "--out", tmp_path / "command")
    with ExitStack() as stack:
        room = stack.enter_context(open_room(read(file), Clock()))
        add_user(room)
        asked = {"title": "Polisens svar", "purpose": "Tillsyn", "questions": ["Rätt paragraf?"], "size": 3}
        room.campaigns.plan("greta", **asked, query={"kind": "Disclosure"})  # type: ignore[arg-type]
        assert samband(*line, "--settings", file).status == 1, "nothing is drawn yet"
        append(tmp_path / "data", [leaf("next")])
        one = room.campaigns.get(1)
        assert one is not None and room.campaigns.draw("greta", one)
        one = room.campaigns.get(1)
        assert one is not None
        client = logged_in(room)
        assert "Spara bevisen" in client.get("/granskningar/1").text
        (tmp_path / "page.zip").write_bytes(client.get("/granskningar/1/spara/bevis").content)
        seen = room.views.seen(1)[1][0]
        assert (seen.sort, seen.records) == ("export", tuple(sorted(one.sample))) and len(seen.authorities) > 1
    ended = samband(*line, "--settings", file)
    assert ended.status == 0, ended.err
    assert archive.read(tmp_path / "page.zip") == archive.read(tmp_path / "command")
    [verdict] = samband("audit", "verify", "--evidence", tmp_path / "page.zip", "--json").objects
    assert verdict["ok"] and verdict["records"] == sorted(one.sample)
    assert samband(*line).status == 2, "of which room?"
