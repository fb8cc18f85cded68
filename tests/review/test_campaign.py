"""A review from plan to signed summary: nobody steers the sample, a stranger draws it again, all of it is records."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

import pytest

from broker.adapters.files.signing import Verifier
from broker.adapters.sql.read_model import Archive, open_archive
from broker.log.checkpoint import CheckpointError, note_hash
from broker.log.verifier import verify
from broker.model.decision import Json
from broker.review.campaign import Campaign, Campaigns, recount, summary
from broker.review.sampling import SampleError, digest, draw, frame
from broker.review.settings import of
from broker.review.store import open_database
from broker.review.views import NamesSomeone, ViewLog
from tests.review.broker_log import append, leaf
from tests.review.web_room import Clock

QUESTIONS = ("Är rätt paragraf angiven?", "Går skälen att följa?")


def search(archive: Archive, query: Json) -> Sequence[int]:
    """The places of a sender's records."""
    return [record.seq for record in archive.records(sender=query["sender"])]


class Reviewed:
    """A broker's log of 30 records, two in three of them the police's, with a log of views beside it."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self.folder = folder
        self.first = append(folder, [leaf(f"m{n}", "skolan" if n % 3 else "polisen") for n in range(30)])
        self.vkey = (folder / "log.vkey").read_text()
        database = stack.enter_context(open_database(of({"data": "."}, folder / "review.toml")))
        self.views = ViewLog(database, folder / "review-keys", Clock())
        self.campaigns = Campaigns(self.views, lambda: open_archive(folder), lambda: self.vkey, search)

    def plan(self, size: int = 4, **said: str) -> Campaign:
        values = {"title": "Skolans svar", "purpose": "Årlig tillsyn"} | said
        query = {"sender": "skolan"}
        number = self.campaigns.plan("greta", **values, questions=QUESTIONS, size=size, query=query)
        return self.get(number)

    def get(self, number: int) -> Campaign:
        one = self.campaigns.get(number)
        assert one is not None
        return one


@pytest.fixture
def reviewed(tmp_path: Path) -> Iterator[Reviewed]:
    with ExitStack() as stack:
        yield Reviewed(stack, tmp_path)


def test_a_draw_is_what_the_page_about_it_says() -> None:
    seed = sha256(b"seed").digest()
    by_hand: list[int] = []
    for i in range(1, 100):
        place = int.from_bytes(sha256(seed + b"," + str(i).encode()).digest(), "big") % 7
        if place not in by_hand and len(by_hand) < 5:
            by_hand.append(place)
    assert draw(seed, 7, 5) == by_hand
    assert sorted(draw(seed, 40, 40)) == list(range(40)), "each once"
    hits = [0] * 10
    for n in range(2000):
        for place in draw(sha256(b"%d" % n).digest(), 10, 3):
            hits[place] += 1
    assert all(510 < one < 690 for one in hits), "none is likelier than another: 600 each, five deviations"


def test_the_seed_is_the_next_checkpoint_and_no_other(reviewed: Reviewed) -> None:
    one = reviewed.plan()
    assert one.state == "planned" and one.plan.leaf["population"]["size"] == 20
    assert not reviewed.campaigns.draw("greta", one), "nobody has signed the seed yet"
    second = append(reviewed.folder, [leaf("m30", "skolan")])
    third = append(reviewed.folder, [leaf("m31", "skolan")])
    assert reviewed.campaigns.draw("greta", one)
    one = reviewed.get(one.number)
    assert one.checkpoint == second and len(one.sample) == 4
    assert all(seq < 30 and seq % 3 for seq in one.sample), "of the population as it was when it was planned"
    drawn = frame(one.plan.leaf)
    opened = Verifier(reviewed.vkey)
    population = [seq for seq in range(30) if seq % 3]
    assert drawn.records(drawn.draw(opened.open(second)), population) == list(one.sample), "a stranger's draw"
    for other in (reviewed.first, third):
        with pytest.raises(SampleError, match="does not follow"):
            drawn.draw(opened.open(other))
    with pytest.raises(SampleError, match="another than the plan's"):
        drawn.records(drawn.draw(opened.open(second)), population[1:])
    changed = frame({**one.plan.leaf, "title": "En annan"})
    assert changed.draw(opened.open(second)) != drawn.draw(opened.open(second)), "the plan is part of the seed"
    assert reviewed.campaigns.draw("greta", one), "a second time nothing is drawn"
    assert reviewed.get(one.number).records == one.records


def test_no_checkpoint_comes_while_the_plan_is_made(reviewed: Reviewed) -> None:
    come: list[str] = []

    def busy(archive: Archive, query: Json) -> Sequence[int]:
        if len(come) < 2:
            come.append(append(reviewed.folder, [leaf(f"b{len(come)}")]))
        return search(archive, query)

    campaigns = Campaigns(reviewed.views, lambda: open_archive(reviewed.folder), lambda: reviewed.vkey, busy)
    asked = {"title": "T", "purpose": "P", "questions": QUESTIONS, "size": 2}
    number = campaigns.plan("greta", **asked, query={"sender": "skolan"})
    assert reviewed.get(number).plan.leaf["log"]["checkpoint"] == note_hash(come[-1]).hex()
    assert campaigns.seed(reviewed.get(number)) is None


def test_a_plan_has_records_to_draw_from_and_names_nobody(reviewed: Reviewed) -> None:
    for size in (0, 21):
        with pytest.raises(SampleError, match="fewer"):
            reviewed.plan(size)
    with pytest.raises(NamesSomeone):
        reviewed.plan(title="Om 20130412-2391")
    assert reviewed.campaigns.all() == []
    with pytest.raises(SampleError, match="not the record of a plan"):
        frame({"record": "view"})


def test_from_findings_to_a_summary_that_is_signed(reviewed: Reviewed) -> None:
    views, campaigns = reviewed.views, reviewed.campaigns
    number = reviewed.plan().number
    other = reviewed.plan(title="En annan").number
    append(reviewed.folder, [leaf("m30")])
    campaigns.draw("greta", reviewed.get(number))
    campaigns.assign("greta", reviewed.get(number), [views.who("greta"), views.who("nils")])
    one = reviewed.get(number)
    assert [one.assigned()[seq] for seq in one.sample] == [views.who("greta"), views.who("nils")] * 2
    assert (one.next_of(views.who("greta")), one.next_of(views.who("nils")), one.next_of("x")) == (0, 1, None)
    for n, seq in enumerate(one.sample):
        campaigns.answer(("greta", "nils")[n % 2], one, seq, ("yes", "no" if n else "unclear"), "")
    campaigns.answer("greta", one, one.sample[0], ("no", "no"), "Skälen saknas.")
    one = reviewed.get(number)
    assert one.state == "answered" and one.next_of(views.who("greta")) is None
    assert one.counts() == [{"yes": 3, "no": 1, "unclear": 0}, {"yes": 0, "no": 4, "unclear": 0}], "the newest counts"
    campaigns.comment("greta", one, "skolan", "Vi ändrar rutinen.", "Dnr 7")
    campaigns.close("greta", reviewed.get(number))
    one = reviewed.get(number)
    assert one.state == "closed" and reviewed.get(other).state == "planned"
    text = Verifier(views.log.seal.vkey).text(one.summary)
    said = json.loads(text.partition("\n")[2])
    assert said == summary(one) and said["questions"][1]["no"] == 4 and said["comments"][0]["authority"] == "skolan"
    with views.reading() as archive:
        assert recount(archive.records(), number) == said
        stored = archive.stored_records(), archive.stored_checkpoints()
        assert verify(*stored, Verifier(views.log.vkey).open, kept=views.log.kept()).ok
    with pytest.raises(CheckpointError):
        Verifier(views.log.seal.vkey).text(one.summary.replace('"no":4', '"no":3'))
    with pytest.raises(CheckpointError):
        Verifier(views.log.vkey).text(one.summary)  # the log's own key signs nothing but checkpoints


def test_the_plan_names_the_newest_checkpoint_and_the_population(reviewed: Reviewed) -> None:
    plan = reviewed.plan().plan.leaf
    assert plan["log"] == {"vkey": reviewed.vkey, "size": 30, "checkpoint": note_hash(reviewed.first).hex()}
    assert plan["population"]["digest"] == digest([seq for seq in range(30) if seq % 3])
