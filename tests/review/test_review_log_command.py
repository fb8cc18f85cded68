"""Commands on the log of views: it is verified, handed over, drawn and counted again by whoever has the files."""

import json
from contextlib import ExitStack
from pathlib import Path

from command import Ended, samband

from broker import authorities
from broker.adapters.sql.read_model import open_archive
from broker.model.canonical import canonical
from broker.review import settings
from broker.review.campaign import Campaign, Campaigns
from broker.review.store import open_database
from broker.review.views import View, ViewLog
from tests.review.broker_log import append, leaf
from tests.review.test_campaign import QUESTIONS, search
from tests.review.web_room import Clock

(ONE, _), (OTHER, NAME) = sorted((one.id, one.name) for one in authorities.load(None))[:2]


def review(folder: Path, command: str, *arguments: object) -> Ended:
    own = () if command in ("sample", "summary") else ("--settings", folder / "review.toml")
    return samband("review", command, *map(str, (*arguments, *own)))


def closed(folder: Path, views: ViewLog) -> Campaign:
    """A review of three records, closed; its files are written."""
    vkey = (folder / "log.vkey").read_text()
    campaigns = Campaigns(views, lambda: open_archive(folder), lambda: vkey, search)
    asked = {"title": "T", "purpose": "P", "questions": QUESTIONS, "size": 3}
    number = campaigns.plan("greta", **asked, query={"sender": OTHER})
    append(folder, [leaf("next", ONE, OTHER)])

    def now() -> Campaign:
        one = campaigns.get(number)
        assert one is not None
        return one

    campaigns.draw("greta", now())
    campaigns.assign("greta", now(), [views.who("greta")])
    for seq in now().sample:
        campaigns.answer("greta", now(), seq, ("yes", "no"), "")
    campaigns.close("greta", now())
    (folder / "plan.json").write_bytes(canonical(now().plan.leaf))
    (folder / "checkpoint.txt").write_text(now().checkpoint)
    (folder / "summary.txt").write_text(now().summary)
    (folder / "population.txt").write_text("".join(f"{seq}\n" for seq in range(9)))
    return now()


def test_whoever_has_the_files_verifies_them(tmp_path: Path) -> None:
    (tmp_path / "review.toml").write_text('data = "."\n')
    said = settings.read(tmp_path / "review.toml")
    told = {"child": "yes", "guardian": "2099-01-01", "party": "yes"}
    append(tmp_path, [leaf(f"m{n}", OTHER, ONE, **({"may_be_told": told} if n == 4 else {})) for n in range(9)])
    with ExitStack() as stack:
        views = ViewLog(stack.enter_context(open_database(said)), said.keys, Clock())
        for seq in (4, 5):  # the one names a day, the other says nothing
            views.append(View("greta", "decision", "Tillsyn", {"records": [seq]}, (ONE, OTHER)))
        campaign = closed(tmp_path, views)

    tell = ("told", ONE, "--by", "omar", "--purpose", "Tillsyn", "--out", tmp_path / "told.jsonl")
    assert f"väntar på svar från {NAME}: 1" in review(tmp_path, *tell).err
    taken = review(tmp_path, *tell, "--allowed", NAME)
    handed = [json.loads(line) for line in (tmp_path / "told.jsonl").read_text().splitlines()]
    assert [one["records"] for one in handed] == [[5], [], []] and handed[1]["sort"] == "handover"
    assert "3 visningar är skrivna; 1 väntar" in taken.err
    refused = review(tmp_path, "told", ONE, "--by", "o", "--purpose", "20130412-2391", "--out", tmp_path / "no")
    assert refused.status == 2 and "2391" not in refused.err and not (tmp_path / "no").exists()

    drawn = ("--plan", tmp_path / "plan.json", "--checkpoint", tmp_path / "checkpoint.txt")
    listed = ("--population", tmp_path / "population.txt")
    assert review(tmp_path, "sample", *drawn, *listed, "--json").objects[0]["records"] == list(campaign.sample)
    assert "  3. " in review(tmp_path, "sample", *drawn).out
    (tmp_path / "population.txt").write_text("1\n2\n3\n")
    assert "another than the plan's" in review(tmp_path, "sample", *drawn, *listed, "--lang", "en").err

    assert review(tmp_path, "verify").status == 0
    export = tmp_path / "views.jsonl"
    assert review(tmp_path, "export", "--by", "o", "--purpose", "Arkiv", "--out", export).status == 0
    assert (
        samband("audit", "verify", "--file", str(export), "--key", str(tmp_path / "review-keys" / "views.vkey")).status
        == 0
    )
    summary = (tmp_path / "summary.txt", "--key", tmp_path / "review-keys" / "summary.vkey", "--log", export)
    assert review(tmp_path, "summary", *summary, "--json").objects[0]["counted"] is True
    export.write_text(export.read_text().replace('\\"yes\\"', '\\"nay\\"'))
    assert "inte samma svar" in review(tmp_path, "summary", *summary).out
    text = (tmp_path / "summary.txt").read_text()
    (tmp_path / "summary.txt").write_text(text.replace('"yes":3', '"yes":2'))
    assert review(tmp_path, "summary", *summary).status == 1

    database = tmp_path / "review.db"
    with ExitStack() as stack, stack.enter_context(open_database(said)).transaction() as connection:
        connection.exec_driver_sql("delete from records where seq = 1")
    assert database.exists() and review(tmp_path, "verify").status == 1


def test_settings_that_are_none_are_told_in_one_line(tmp_path: Path) -> None:
    file, by = tmp_path / "review.toml", ("--by", "greta", "--purpose", "P")
    file.write_text("nothing = 1\n")
    out = ("--out", tmp_path / "out")
    for command in (("verify",), ("told", ONE, *by, *out), ("export", *by, *out), ("subject", "--to", "child", *by)):
        ended = review(tmp_path, *command)
        assert (ended.status, str(file) in ended.line, "nothing" in ended.line) == (2, True, True), command
    ended = samband("audit", "find", "--settings", file, "--purpose", "P")
    assert (ended.status, str(file) in ended.line) == (2, True)
