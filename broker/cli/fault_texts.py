"""What a command says when it can't go on, in Swedish.

The rooms below this one raise it in English, one line each.

A line is places, then a clause, with `: ` between: `samband-data/samband.db: is damaged: put it back from a backup`.
The table `faults` holds each clause as it is raised, `{}` for what is filled in; what stands there is translated too.
Files of one's own, the register's above all, break the same rules as messages: the texts of those stand in `details`.
"""

import re
from functools import cache, lru_cache

from broker import texts


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile("(.+)".join(map(re.escape, english.split("{}"))), re.DOTALL)


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return [(_pattern(english), swedish) for english, swedish in _clauses().items()]


@cache
def _clauses() -> dict[str, str]:
    """Each clause and its Swedish; of the rules' those that leave most open come last."""
    rules = sorted(texts.read("sv")["details"].items(), key=lambda both: (both[0].count("{}"), -len(both[0])))
    return {**texts.read("sv")["faults"], **dict(rules)}


@lru_cache(maxsize=1024)
def in_swedish(line: str) -> str:
    """The same line in Swedish, as far as its clauses stand here."""
    if known := _clauses().get(line):
        return known
    for pattern, swedish in _patterns():
        if match := pattern.fullmatch(line):
            return swedish.format(*map(in_swedish, match.groups())).replace("' or '", "' eller '")
    for at in (at for at in range(len(line)) if line.startswith(": ", at)):
        if (rest := in_swedish(line[at + 2 :])) != line[at + 2 :]:
            return f"{in_swedish(line[:at])}: {rest}"
    return line
