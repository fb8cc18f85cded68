"""What is wrong with the shape of data, in plain words: for each rule of pydantic's a code and a text of our own."""

import re
from difflib import get_close_matches
from typing import Any

_MANY = 13
"""Of more words than so many only their number is told, so that the other faults of the line are told too."""
_TIME = "must be a time, RFC 3339 text"
_DAY = "must be a day, YYYY-MM-DD"
_UUID = "must be a UUID of version 7"
RULES = {
    "json_invalid": ("too_deep", "nested too deeply: no message is"),  # it is JSON by then: what is left is depth
    "missing": ("missing_field", "is required"),
    "timezone_aware": ("time_without_zone", "must have a zone, for example 2026-03-02T09:00:00Z"),
    "datetime_type": ("wrong_type", _TIME),
    "datetime_parsing": ("invalid_value", _TIME),
    "datetime_from_date_parsing": ("invalid_value", _TIME),
    "date_type": ("wrong_type", _DAY),
    "date_parsing": ("invalid_value", _DAY),
    "date_from_datetime_parsing": ("invalid_value", _DAY),
    "uuid_parsing": ("invalid_value", _UUID),
    "uuid_type": ("wrong_type", _UUID),
    "string_pattern_mismatch": ("invalid_value", "is not of the form that the contract gives"),
    "string_type": ("wrong_type", "must be text"),
    "bool_type": ("wrong_type", "must be true or false"),
    "int_type": ("wrong_type", "must be a whole number"),
    "int_from_float": ("wrong_type", "must be a whole number"),
    "tuple_type": ("wrong_type", "must be a list"),
    "list_type": ("wrong_type", "must be a list"),
    "model_type": ("wrong_type", "must be an object"),
    "too_long": ("invalid_value", "must have at most {max_length} entries"),
    "too_short": ("invalid_value", "must have at least {min_length} entries"),
    "string_too_long": ("invalid_value", "must have at most {max_length} characters"),
    "string_too_short": ("invalid_value", "must not be empty"),
    "greater_than_equal": ("invalid_value", "must be at least {ge}"),
    "less_than_equal": ("invalid_value", "must be at most {le}"),
}
"""pydantic's rule -> our code and text. What is filled in is the contract's own bound or words."""


def broken_rule(fault: Any) -> tuple[str, str]:
    """Code and text of a fault, without its place, and never the value, which may be somebody's name."""
    rule, context = fault["type"], fault.get("ctx", {})
    if rule == "value_error":  # our own text, which names no value
        return "invalid_value", str(context["error"])
    if rule == "too_short" and context["min_length"] == 1:
        rule = "string_too_short"
    if rule in ("enum", "literal_error"):
        return "unknown_value", _words(fault["input"], context["expected"])
    code, text = RULES.get(rule, ("wrong_type" if rule.endswith("_type") else "invalid_value", "is not valid"))
    return code, text.format(**context)


def _words(value: object, expected: str) -> str:
    """Which words there are: the one that the value is nearest to, else all, or how many where they are many."""
    words = re.findall(r"'([^']*)'", expected)
    if near := get_close_matches(str(value)[:60], words, n=1):
        return f"is not a word of the contract, nearest is {near[0]}"
    if len(words) > _MANY:
        return f"must be one of the {len(words)} words in schemas/contract.md"
    return f"must be {expected}"
