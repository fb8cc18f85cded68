"""Samband for an agency: send messages, wait for receipts, read the inbox.

Installed alone as `samband_agency`.

    with Agency("kommun-0127", Embedded(Path("samband-data")), unit="social_services", role="caseworker") as agency:
        for line in agency.inbox():
            if isinstance(line, Delivery) and line.kind == "InformationRequest":
                agency.refuse(line, ["social_record"], reason="not_held")

The same code speaks to Kafka: `Kafka("kafka.example:9093", password=…)` in place of `Embedded(…)`. An agency that
answers by rules of its own fills in an `Adapter`; `samband-agency template` prints one to begin with, and
`samband-agency check` tells whether it behaves.

Rooms: `words` the contract's words, `drafts` what may be said, `lines` what comes, `state` what must outlive a
restart, `embedded` and `on_kafka` the two brokers, `agency` puts them together. For a person: `terminal` the commands,
`worklist` what awaits, `asking` and `answering`, `screens` and `texts` what is shown.
"""

from .adapter import Adapter
from .agency import Agency, Sent
from .broker import AgencyError, Json, NoReceipt, NotReached, WrongMessage
from .drafts import Address, Draft, Drafts, NoSecrecy, assessment, item, may_be_told, organisation, person, views
from .embedded import Embedded
from .kept import Kept
from .lines import Delivery, Line, Notice, Receipt, Unknown
from .on_kafka import Kafka
from .sealing_keys import Sealing

__all__ = [
    "Adapter",
    "Address",
    "Agency",
    "AgencyError",
    "Delivery",
    "Draft",
    "Drafts",
    "Embedded",
    "Json",
    "Kafka",
    "Kept",
    "Line",
    "NoReceipt",
    "NoSecrecy",
    "NotReached",
    "Notice",
    "Receipt",
    "Sealing",
    "Sent",
    "Unknown",
    "WrongMessage",
    "assessment",
    "item",
    "may_be_told",
    "organisation",
    "person",
    "views",
]
