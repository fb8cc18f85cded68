"""The tables of the inbox, of drafts, of what was sent: in clear lies only what is nobody's own.

Never a number, a name, a birth date or a text: those lie in `summary` and `content`, sealed with the key of their case.
"""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, LargeBinary, String, Table

from agents.desk.store.schema import SCHEMA
from broker.web.database import Moment

cases = Table(
    "desk_case",
    SCHEMA.metadata,
    Column("number", Integer, primary_key=True),
    Column("key_id", String, nullable=False),
    Column("data_key", LargeBinary),
    Column("holder", Integer),
    Column("class", String),
    Column("until", String),
    sqlite_autoincrement=True,
)
"""A thread, its data key, wrapped, who has it, until when it is kept; a number is never used again.

`class`, `until`: of what is kept longest of all that the broker told of its messages; NO_DAY where no day is known.
"""

NO_DAY = "9999-12-31"
"""Until when that is kept of which nobody knows the day."""

lines = Table(
    "desk_line",
    SCHEMA.metadata,
    Column("number", Integer, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("message", String, nullable=False, unique=True),
    Column("sort", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("sender", String, nullable=False),
    Column("sender_unit", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("about", String, index=True),
    Column("received", Moment, nullable=False),
    Column("terms", JSON, nullable=False),
    Column("due", Moment),
    Column("place", Moment, nullable=False),
    Column("clock", String),
    Column("urgency", String),
    Column("secret", Boolean, nullable=False),
    Column("protected", Boolean, nullable=False),
    Column("categories", JSON, nullable=False),
    Column("left", JSON, nullable=False),
    Column("opened", Moment),
    Column("opened_by", Integer),
    Column("registered", String),
    Column("done", Moment),
    Column("listed", Boolean, nullable=False),
    Column("recalled", Boolean, nullable=False),
    Column("back", String),
    Column("case", Integer, nullable=False, index=True),
    Column("holder", Integer),
    Column("drafts", Integer, nullable=False),
    sqlite_autoincrement=True,
)
"""`place` is where it stands in the queue: what is due soonest, then what is due never.

`listed`: it asks something of somebody; the rest is seen in its case alone.
"""

contents = Table(
    "desk_content",
    SCHEMA.metadata,
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("summary", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

drafts = Table(
    "desk_draft",
    SCHEMA.metadata,
    Column("number", Integer, primary_key=True),
    Column("message", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("authority", String),
    Column("unit", String),
    Column("area", String),
    Column("answers", String, index=True),
    Column("part", String),
    Column("state", String, nullable=False),
    Column("author", Integer, nullable=False),
    Column("approver", Integer),
    Column("saved", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    Column("writers", JSON, nullable=False),
    Column("again", String),
    Column("place", Integer),
    Column("case", Integer, nullable=False, index=True),
    Column("content", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
"""`place`: the order in which they were queued; `writers`: who has written in it; `again`: the one that it replaces."""

sent = Table(
    "desk_sent",
    SCHEMA.metadata,
    Column("message", String, primary_key=True),
    Column("draft", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("authority", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("area", String),
    Column("answers", String, index=True),
    Column("case", Integer, nullable=False, index=True),
    Column("author", Integer, nullable=False),
    Column("holder", Integer, nullable=False, server_default="0"),
    Column("queued", Moment, nullable=False),
    Column("time", Moment),
    Column("outcome", String),
    Column("partial", Boolean, nullable=False),
    Column("states", JSON, nullable=False),
    Column("opened", Boolean, nullable=False),
    Column("categories", JSON, nullable=False),
    Column("given", JSON, nullable=False),
    Column("partly", Boolean, nullable=False),
    Column("due", Moment),
    Column("clock", String),
    Column("late", Boolean, nullable=False),
    Column("contacts", JSON, nullable=False),
    Column("urgency", String),
    Column("secret", Boolean, nullable=False),
    Column("protected", Boolean, nullable=False),
    Column("done", Moment),
    Column("summary", LargeBinary, nullable=False),
    Column("receipt", LargeBinary),
)
"""`contacts` are functions and their telephones, as the broker's register has them.

`holder` works it: who has its case; of one that nobody has, who sent it.
"""


line, out = lines.c, sent.c

# What is asked of a list stands whole in its index, so that a hundred thousand lines are counted without reading one.
Index("desk_line_waits", line.done, line.place, line.number, line.drafts, line.back)
Index("desk_line_unopened", line.done, line.opened, line.sort, line.place, line.number)
Index("desk_line_listed", line.listed, line.done, line.number)
Index("desk_line_all", line.listed, line.number)
for name, chosen in (("holder", line.holder), ("sender", line.sender), ("kind", line.kind)):
    seen = (line.place, line.number, line.listed, line.opened, line.sort, line.drafts, line.back)
    Index(f"desk_line_{name}", chosen, line.done, *seen)
    Index(f"desk_line_each_{name}", line.done, chosen)
told = (out.late, out.queued, out.message, out.time, out.opened, out.outcome, out.partly, out.partial)
Index("desk_sent_holder", out.holder, out.done, *told, out.kind)
Index("desk_sent_waits", out.done, *told)
Index("desk_sent_done", out.done, out.message, out.kind)
Index("desk_sent_all", out.queued, out.message, out.kind)
Index("desk_draft_state", drafts.c.state, drafts.c.place)
