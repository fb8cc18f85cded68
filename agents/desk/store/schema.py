"""The tables of the desk's database; each module of the store brings its own."""

from broker.web.database import PlaceSchema

SCHEMA = PlaceSchema(
    "desk",
    {
        2: "alter table desk_case add column holder integer",
        3: """alter table desk_sent add column holder integer not null default 0;
              update desk_sent set holder = case when author = 0 then 0 else
                  coalesce((select holder from desk_case where number = desk_sent."case"), author) end;
              drop index if exists desk_sent_waits;
              create index desk_sent_waits on desk_sent
                  (done, late, queued, message, time, opened, outcome, partly, partial);
              create index desk_sent_holder on desk_sent
                  (holder, done, late, queued, message, time, opened, outcome, partly, partial, kind)""",
        4: "alter table desk_case add column class varchar; alter table desk_case add column until varchar",
    },
)
