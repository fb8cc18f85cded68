"""The rebuild of what a cluster has lost: its store from Kafka's topics, the topic `audit` from a copy."""

import json
from array import array
from collections.abc import Callable, Iterable, Sequence

from broker import bundle, topics
from broker.adapters.files.contents_key import ContentsKey
from broker.adapters.kafka import audit_copy, whole_topics
from broker.adapters.kafka.audit_copy import Kept
from broker.adapters.kafka.whole_topics import WholeTopics
from broker.adapters.sql import placing, postgres
from broker.adapters.sql.contents import Contents
from broker.adapters.sql.rebuild import Rebuilt, RebuiltStore
from broker.model.faults import SetUpError
from broker.ports.tokens import Tokens
from broker.ports.transport import Consumed
from broker.retention import read_classes
from broker.settings import KafkaLogin

PROGRAM = "samband worker rebuild"


class CannotRebuild(SetUpError):
    """The store can't be made anew now, or from what there is. One line, with what to do; nothing was changed."""


def rebuild(
    login: KafkaLogin, database: str, tokens: Tokens, key: ContentsKey, progress: Callable[[int], None]
) -> Rebuilt:
    """Make the workers' tables anew, all in one transaction; `progress` is told how much more has been read.

    Who is killed meanwhile has changed nothing. Raises CannotRebuild, DataFolderError or Away.
    """
    with postgres.working(database, PROGRAM) as connection, whole_topics.open_topics(login) as lies:
        if not postgres.hold_off_workers(connection):
            raise CannotRebuild("a worker runs on this database: stop all workers first")
        if lies.first(topics.AUDIT) > 0:
            raise CannotRebuild(
                "audit no longer holds its first records: what they registered would be lost; put it back from a copy"
            )
        classes = read_classes(json.loads(bundle.load().tables)["retention"])
        store = RebuiltStore(connection, tokens, Contents(connection, key), classes)
        store.clear()
        _read(store, lies, tokens, progress)
        rebuilt = store.finish()
        if rebuilt.untold:
            raise CannotRebuild(
                f"{rebuilt.untold} registrations are of an earlier version, whose records do not say what they "
                "registered: a no among them would no longer count; restore a copy of the database"
            )
        connection.commit()
        return rebuilt


def _read(store: RebuiltStore, lies: WholeTopics, tokens: Tokens, progress: Callable[[int], None]) -> None:
    names = lies.names()
    sources = {name: tokens.token("source", name) for name in names if topics.sender(name) or name == topics.QUARANTINE}

    def each(read: Sequence[str], *take: Callable[[Sequence[Consumed]], None]) -> None:
        for some in lies.read(read):
            for one in take:
                one(some)
            progress(len(some))

    each([topics.AUDIT], store.take_records)
    each([name for name in sources if name != topics.QUARANTINE], lambda some: store.take_messages(some, sources))
    each([topics.QUARANTINE], lambda some: store.take_messages(some, sources), store.take_quarantined)
    each([name for name in names if name.startswith(topics.INBOXES)], store.take_lines)


def load_audit(login: KafkaLogin, database: str, kept: Iterable[Kept], progress: Callable[[int], None]) -> int:
    """Write a copy of `audit` to a topic that lost it; ledger and agents go on at the same records. Their number.

    As the database's owner, while nothing runs there. Raises CannotRebuild, NoCopy, DataFolderError or Away.
    """
    before, now = array("q"), array("q")
    with postgres.working(database, "samband audit load") as connection:
        if not postgres.hold_off(connection):
            raise CannotRebuild("a worker or the ledger runs on this database: stop all that runs there first")
        for old, new in audit_copy.load(login, kept):
            before.append(old)
            now.append(new)
            progress(1)
        placing.move(connection, before, now)
        connection.commit()
    return len(now)
