"""The tables of the desk's database; each module of the store brings its own."""

from broker.web.database import PlaceSchema

SCHEMA = PlaceSchema("desk", {2: "alter table desk_case add column holder integer"})
