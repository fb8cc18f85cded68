"""A column that is one of many values, which are one parameter: else each number of them is a statement of its own.

Such a statement is written, parsed and planned anew whenever it is asked; and SQLite takes no more than so many.
"""

from typing import Any

from sqlalchemy import ARRAY, JSON, BigInteger, Boolean, ColumnElement, Dialect, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Is the column, of texts or whole numbers, among the values of the parameter of this name, a list?"""
    return _Among(column, bindparam(name, type_=_Values(isinstance(column.type, String))))


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> "_Among":
        """As it is: SQLite would be asked whether it is equal to one, and use no index."""
        return self


class _Values(TypeDecorator[Any]):
    """A list as each database takes it: an array, or JSON."""

    impl = JSON
    cache_ok = True

    def __init__(self, texts: bool) -> None:
        super().__init__()
        self.texts = texts

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(JSON())
        return dialect.type_descriptor(ARRAY(String() if self.texts else BigInteger()))


@compiles(_Among)
def _in_array(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(part, **how) for part in element.clauses)
    return f"{column} = ANY ({values})"


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, values = (compiler.process(part, **how) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"
