"""Records that are handed out so that a stranger can verify them: the files of an archive, with its page."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from broker.adapters.files.signing import Verifier
from broker.adapters.sql.read_model import Archive, Record
from broker.evidence import page
from broker.explanation.record import explanation
from broker.log import evidence
from broker.log.evidence import Fault, Selection
from broker.log.merkle import Tiles
from broker.model.days import swedish_day
from broker.model.decision import Json
from broker.ports.policy import PolicyDecisionPoint
from broker.review import listing


class NotCovered(Exception):
    """No checkpoint covers all of the records yet."""


class NotVerified(Exception):
    """What would be handed out does not verify: the log has been altered. In: the first bad place."""

    def __init__(self, bad: Fault) -> None:
        super().__init__(bad.place, bad.code)
        self.bad = bad


def newest_note(archive: Archive) -> str:
    """The newest checkpoint's. Raises NotCovered."""
    last = archive.last_checkpoint()
    if last is None:
        raise NotCovered
    return last.note


def build(
    archive: Archive,
    vkey: str,
    note: str,
    records: Mapping[int, Record],
    *,
    selection: Selection,
    engine: PolicyDecisionPoint,
    tree: Tiles | None = None,
) -> dict[str, bytes]:
    """The files of an archive of these records, by their places, under a checkpoint's note; tried as a stranger would.

    Raises NotCovered, NotVerified, CheckpointError.
    """
    keys = archive.keys(vkey)
    size = keys.open(note).size
    if not max(records) < size <= archive.end():
        raise NotCovered
    handed = [place for place in keys.places if place < size]  # whoever knows an earlier key follows these
    records = {**records, **{place: record for place in handed for record in archive.records(seq=place)}}
    selection = replace(selection, seqs=[*selection.seqs, *handed])
    paths = tree or Tiles(archive.hashes)
    leaves = {seq: (leaf, paths.inclusion_proof(seq, size)) for seq, leaf in archive.leaf_bytes(records).items()}
    statutes = _statutes(records, engine)
    files = evidence.build(keys.at(size), note, leaves, size, selection=selection, statutes=statutes)
    if (bad := evidence.verify(files, Verifier).first_bad) is not None:
        raise NotVerified(bad)
    return files


def with_page(
    files: Mapping[str, bytes], records: Mapping[int, Record], name: Callable[[str], str], lang: str
) -> dict[str, bytes]:
    """The files with the page that verifies them. `name`: what an authority is called."""
    names = {party: name(party) for party in listing.authorities_of(record.leaf for record in records.values())}
    return {**files, page.NAME: page.page(files, names, lang).encode()}


def _statutes(records: Mapping[int, Record], engine: PolicyDecisionPoint) -> Json:
    """The texts behind these decisions, each wording once, with the day and the records that it stands beside."""
    texts: dict[tuple[str, str, str], Json] = {}
    for seq, record in sorted(records.items()):
        for statute in explanation(record, engine).get("statutes", ()):
            day = swedish_day(datetime.fromisoformat(record.leaf["time"])).isoformat()
            place = (day, statute["title"], statute["text"])
            texts.setdefault(place, {**statute, "day": day, "records": []})["records"].append(seq)
    return {"law": engine.revision, "texts": [texts[place] for place in sorted(texts)]}
