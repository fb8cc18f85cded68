"""What would become of messages, before they are sent: nothing is recorded or delivered.

A broker on this machine is asked itself, with all its records. On Kafka the records are the broker's alone: there the
law that is installed on this machine, if any is, is asked of the messages as they stand. What rests on a consent, an
agreement or an earlier message is then not known, but for the one that they answer, which is given along.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from .broker import AgencyError, Broker, Json, NotReached, Outgoing
from .embedded import Embedded, find_command
from .lines import Receipt


@dataclass(frozen=True)
class Preview:
    """Receipts as they would be; `whole`: with all that the broker knows."""

    receipts: list[Receipt]
    whole: bool


Check = Callable[[Embedded, Sequence[bytes]], list[Receipt]]
"""Asks the law that is installed here. Raises AgencyError."""


def check_by_command(broker: Embedded, lines: Sequence[bytes]) -> list[Receipt]:
    """The receipts that `samband check` gives. Raises AgencyError."""
    command = broker.command or find_command()
    register = ["--register", str(broker.register)] if broker.register else []
    line = [*command, "check", "-", "--json", "--data", str(broker.data), "--lang", broker.lang, *register]
    try:
        status, out, said = broker.runner(line, b"".join(text + b"\n" for text in lines))
    except OSError as error:
        raise NotReached(f"{command[0]}: can't be started: {error.strerror}") from None
    if status:
        raise NotReached(said)
    return [Receipt(json.loads(text)) for text in out.splitlines()]


def preview(
    broker: Broker,
    messages: Sequence[Outgoing],
    *,
    earlier: Sequence[Json] = (),
    register: Path | None = None,
    check: Check = check_by_command,
) -> Preview | None:
    """What would become of messages; None where nobody here can tell. `earlier`: those that they answer."""
    if isinstance(broker, Embedded):
        return Preview(check(broker, [message.message for message in messages]), whole=True)
    before = [json.dumps(message, ensure_ascii=False).encode() for message in earlier]
    with TemporaryDirectory(prefix="samband-") as folder:
        try:
            law = Embedded(Path(folder) / "data", register)
            return Preview(check(law, [*before, *(m.message for m in messages)])[len(before) :], whole=False)
        except AgencyError:
            return None
