"""The tables: of the embedded runtime's one SQLite file, and of PostgreSQL, which has some more (`worker_tables`).

Every column of `records` and `checkpoints` is derived from a leaf or signed: the verifier compares each.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    false,
    text,
)

from broker.deadlines import CLOSED, State

SCHEMA_VERSION = 5
"""Raised with every change of a table; `migrations` has the step that leads here."""

metadata = MetaData()

Number = BigInteger().with_variant(Integer, "sqlite")
"""A number that may pass two thousand million; in SQLite, where an integer is of any size, the row's own number."""

HANDED_OVER = text("record = 'handover'")
"""Records by which the log's key is handed over: few, and asked for whenever a checkpoint is read."""

records = Table(
    "records",
    metadata,
    Column("seq", Number, primary_key=True, autoincrement=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary, nullable=False),
    Column("record", String),
    Column("message", String, index=True),
    Column("kind", String),
    Column("sender", String, index=True),
    Column("recipient", String),
    Column("outcome", String),
    Column("time", String),
    Column("subject", String, index=True),
    Column("case", String, index=True),
    Index("handovers", "seq", sqlite_where=HANDED_OVER, postgresql_where=HANDED_OVER),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("size", Number, primary_key=True, autoincrement=False),
    Column("note", String, nullable=False),
)

handled = Table(
    "handled",
    metadata,
    Column("source", String, primary_key=True),
    Column("line", BigInteger, primary_key=True),
    Column("digest", String, nullable=False),
    Column("seq", Number, nullable=False),
    sqlite_with_rowid=False,
)
"""Positions that have been handled. Workers look for those of records that are not known to be sent."""
Index("handled_records", handled.c.seq).ddl_if(dialect="postgresql")

outbox = Table(
    "outbox",
    metadata,
    Column("sender", String),
    Column("message", String),
    Column("digest", String, nullable=False),
    Column("seq", Number, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("case_key", Number, index=True),
    PrimaryKeyConstraint("message", "sender"),
    sqlite_with_rowid=False,
)
"""Messages that have been sent. Ids are looked for before it is known who may have taken them: so they come first.

`content` is sealed (`contents`), here as in the tables below: empty where nothing is kept. `case_key`: with which key.
"""

inbox = Table(
    "inbox",
    metadata,
    Column("n", Number, primary_key=True),
    Column("authority", String, nullable=False, index=True),
    Column("type", String, nullable=False),
    Column("sender", String),
    Column("message", String),
    Column("content", LargeBinary),
    Column("notes", JSON, nullable=False, server_default=text("'{}'")),
    Column("kind", String),
    Column("unit", String),
    Column("case_key", Number, index=True),
    Column("seq", Number, index=True),
    Column("offset", BigInteger),
)
"""Lines for authorities. `seq`: the record that one came of; `offset`: its place in the topic, where there is one.

`notes`: what later messages wrote on it; `kind`: of the message that is delivered; `unit`: to which it is told.
"""
Index("lines_of_message", inbox.c.sender, inbox.c.message)
Index(
    "one_delivery_a_message",
    inbox.c.sender,
    inbox.c.message,
    unique=True,
    sqlite_where=text("type = 'delivery'"),
    postgresql_where=text("type = 'delivery'"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("seq", Number, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("redriven", Number),
    Column("size", BigInteger),
    Column("proven", String),
    Column("arrived", String),
    Column("kept", BigInteger, nullable=False, server_default=text("0")),
    Column("recorded", String),
    Column("purged", Number),
    Column("case_key", Number),
    Index("quarantined_of", "proven"),
)
"""What is kept of lines that could not be used: `kept` bytes, here or on the workers' topic, since `recorded`.

`size`: of the line as it came (null: from before it was kept, and then nobody knows who had sent it); `proven`,
`arrived`: null where a file was run; `purged`: by which record its bytes are gone.
"""

cases = Table(
    "cases",
    metadata,
    Column("n", Number, primary_key=True),
    Column("holder", String, nullable=False),
    Column("name", String, unique=True),
    Column("key", String, nullable=False),
    Column("wrapped", LargeBinary),
    Column("held", Number),
    Column("erased", Number, index=True),
)
"""What belongs together with one holder, each with a key of its own, which is wrapped by one that lies elsewhere.

`key`: the id of that one. `held`: by which record nothing of it may go. `erased`: by which record its key is gone; then
it has no `name`, under which something new could come.
"""

copies = Table(
    "copies",
    metadata,
    Column("holder", String),
    Column("sender", String),
    Column("message", String),
    Column("case_key", Number, nullable=False, index=True),
    Column("class", String, nullable=False),
    Column("until", String),
    Column("seq", Number, index=True),
    PrimaryKeyConstraint("message", "sender", "holder"),
    sqlite_with_rowid=False,
)
"""Whose copy of which message is kept in which case until when: a case is due when the last of them is."""

answerables = Table(
    "answerables",
    metadata,
    Column("sender", String, primary_key=True),
    Column("message", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("recipient", String, nullable=False),
    Column("about", String),
    Column("purpose", String),
    Column("categories", JSON, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("seq", Number, nullable=False),
    Column("recalled", Boolean, nullable=False, server_default=false()),
    Column("basis", JSON, nullable=False, server_default="[]"),
    Index("received", "recipient", "message"),
    Index("received_about", "recipient", "about"),
    Index("answerables_about", "about"),
)
"""Delivered messages that others refer to."""

consents = Table(
    "consents",
    metadata,
    Column("seq", Number, primary_key=True),
    Column("authority", String, nullable=False),
    Column("consent", String, nullable=False),
    Column("subject", String, index=True),
    Column("facts", JSON, nullable=False),
    Column("replaced", Number),
    Column("withdrawn", Number),
    Column("pending", Boolean, nullable=False, server_default=false()),
    Column("number", String, index=True),
    Column("message", String),
    Column("time", BigInteger),
    Column("programme", String),
    Column("parties", String),
    Column("refuses", Boolean, nullable=False, server_default=false()),
    Column("withdrawn_by", String),
    Column("withdrawn_time", BigInteger),
    Index("own_consents", "authority", "consent"),
)
"""Forms about persons, consents and noes. Of one id at its authority the latest by `time` stands, be it withdrawn;
`replaced` by its record are the others, also those that came after it. `programme`, `parties` (each between blanks) and
`refuses` are the facts' own, to be looked for."""

consents_told = Table(
    "consents_told",
    metadata,
    Column("authority", String),
    Column("consent", String),
    Column("party", String),
    Column("message", String),
    Column("notice", Boolean, nullable=False),
    Column("seq", Number, nullable=False),
    PrimaryKeyConstraint("authority", "consent", "party", "message"),
    sqlite_with_rowid=False,
)
"""Who knows of a consent, and is told when it is withdrawn: by a notice of its message, or as what was got under it."""

agreements = Table(
    "agreements",
    metadata,
    Column("seq", Number, primary_key=True),
    Column("party", String, nullable=False, index=True),
    Column("agreement", String, nullable=False),
    Column("body", String, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("replaced", Number),
    Column("pending", Boolean, nullable=False, server_default=false()),
    Column("registrant", String),
    Column("time", BigInteger),
)
"""Consents and agreements that are `pending` do not count yet: their record is not out. Noes count at once."""

MATTER_STATE = {"sqlite": "json_extract(matter, '$.state')", "postgresql": "(matter ->> 'state')"}
_OPEN_STATES = ", ".join(f"'{state}'" for state in sorted(set(State) - CLOSED))
OPEN_MATTERS = {dialect: text(f"{state} IN ({_OPEN_STATES})") for dialect, state in MATTER_STATE.items()}
"""Which matters have not ended, by dialect: in just these words, so that their index is used, however many have."""

matters = Table(
    "matters",
    metadata,
    Column("id", String, primary_key=True),
    Column("message", String, nullable=False, index=True),
    Column("link", String, index=True),
    Column("next_at", BigInteger, index=True),
    Column("matter", JSON, nullable=False),
    *(
        Index(
            "open_matters",
            text(state),
            sqlite_where=OPEN_MATTERS["sqlite"],
            postgresql_where=OPEN_MATTERS["postgresql"],
        ).ddl_if(dialect=dialect)
        for dialect, state in MATTER_STATE.items()
    ),
    sqlite_with_rowid=False,
)
"""The clocks that run or have run; `matter` holds each whole, `link` what `deadlines.link_of` says of it."""


# --- the ledger that runs apart (PostgreSQL)

ledger_metadata = MetaData()

ledger_position = Table(
    "ledger_position",
    ledger_metadata,
    Column("topic", String, primary_key=True),
    Column("next", Number, nullable=False),
    Column("last", Number, nullable=False),
    Column("size", Number, nullable=False),
)
"""How far the log has come in its topic: the offset to read next, that of the last record, and the records so far."""
