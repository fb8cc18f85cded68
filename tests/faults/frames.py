"""Kafka's requests on the wire, as far as the proxy must read them (kafka.apache.org/protocol).

A frame is a length (int32) and so many bytes. A request begins with api key and version (int16), correlation id (int32)
and client id; of the transactional ones the transactional id comes next.
"""

import struct
from asyncio import StreamReader
from dataclasses import dataclass

PRODUCE, METADATA, FIND_COORDINATOR, INIT_PRODUCER_ID = 0, 3, 10, 22
ADD_PARTITIONS_TO_TXN, ADD_OFFSETS_TO_TXN, END_TXN, TXN_OFFSET_COMMIT = 24, 25, 26, 28

_FLEXIBLE_SINCE = {
    **{PRODUCE: 9, FIND_COORDINATOR: 3, INIT_PRODUCER_ID: 2, ADD_PARTITIONS_TO_TXN: 3},
    **{ADD_OFFSETS_TO_TXN: 3, END_TXN: 3, TXN_OFFSET_COMMIT: 3},
}
"""The version from which lengths are varints plus one and tagged fields follow (KIP-482)."""

_LEADS_WITH_TRANSACTION = {
    PRODUCE,
    INIT_PRODUCER_ID,
    ADD_PARTITIONS_TO_TXN,
    ADD_OFFSETS_TO_TXN,
    END_TXN,
    TXN_OFFSET_COMMIT,
}


@dataclass(frozen=True)
class Request:
    """One request: its head, whose transaction it belongs to (None: no one's), and its bytes without the length."""

    api: int
    version: int
    correlation: int
    transaction: str | None
    data: bytes

    @property
    def flexible(self) -> bool:
        """Whether it is written in the newer form."""
        return self.version >= _FLEXIBLE_SINCE.get(self.api, 1 << 15)

    @property
    def commits(self) -> bool:
        """Of an EndTxn: commit, not abort. The flag is the last field; one byte of tagged fields follows it."""
        return bool(self.data[-2 if self.flexible else -1])

    def error(self, answer: bytes) -> int:
        """The error code of the answer to an EndTxn: after correlation id, tagged fields and throttle time."""
        found: int = struct.unpack_from(">h", answer, 9 if self.flexible else 8)[0]
        return found


def request(data: bytes) -> Request:
    """Read a request's head. Raises struct.error or IndexError on what is none."""
    api, version, correlation = struct.unpack_from(">hhi", data)
    flexible = version >= _FLEXIBLE_SINCE.get(api, 1 << 15)
    transaction = None
    if api in _LEADS_WITH_TRANSACTION and not (api == PRODUCE and version < 3):
        client_id = struct.unpack_from(">h", data, 8)[0]
        at = 10 + max(client_id, 0) + flexible  # no client sends tagged fields in the head
        if flexible:
            length, at = data[at] - 1, at + 1  # a transactional id is shorter than 127 bytes
        else:
            length, at = struct.unpack_from(">h", data, at)[0], at + 2
        transaction = data[at : at + length].decode() if length > 0 else None
    return Request(api, version, correlation, transaction, data)


def correlation(answer: bytes) -> int:
    """Which request an answer belongs to."""
    found: int = struct.unpack_from(">i", answer)[0]
    return found


def framed(data: bytes) -> bytes:
    """With the length in front."""
    return struct.pack(">i", len(data)) + data


async def read(stream: StreamReader) -> bytes:
    """The next frame without its length. Raises IncompleteReadError at the end."""
    (length,) = struct.unpack(">i", await stream.readexactly(4))
    return await stream.readexactly(length)
