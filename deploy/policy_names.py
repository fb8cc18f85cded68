"""Development task: the names in `policies/` that OPA does not check. Needs the OPA binary, as `build_bundle.py` does.

OPA refuses a field that the input has not (`opa check -s schemas/policy/input.json`), and calls of what is not there.
It takes no offence at a rule that nobody reads (`holds_fro`), nor at a word that no package has. So here:
- what is read of `data` is a rule or stands in a table;
- every rule is read; one of a paragraph or an exchange that is not for others has a name that begins with `_`;
- a field of a value is one that the input, a table or an object in the rules has.

Run: python deploy/policy_names.py [DIR]. Prints what is wrong, by file, and fails where there is something.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.build_bundle import opa

ROOT = Path(__file__).resolve().parent.parent
POLICIES = ROOT / "policies"
INPUT = ROOT / "schemas" / "policy" / "input.json"
Json = dict[str, Any]
_RULE = "rule"
_FOR_OTHERS = ("statutes", "exchanges")
"""Rooms whose packages the engine asks by the words that it reads, and one another by name."""
_ENTRYPOINTS = {("decision", "results"), ("decision", "findings")}


def faults(policies: Path = POLICIES) -> list[str]:
    """What is wrong, a line each: `file: name: why`."""
    return _Law(policies).faults()


class _Law:
    """The rules and tables of one folder, and who reads what."""

    def __init__(self, policies: Path) -> None:
        self._modules = _parse(policies)
        self._builtins = {
            entry["name"] for entry in json.loads((POLICIES / "capabilities.json").read_text())["builtins"]
        }
        self._tree: Json = {}
        self._fields: set[str] = set()
        for path in policies.rglob("data.json"):
            table = json.loads(path.read_text("utf-8"))
            self._fields |= set(_keys(table))
            _node(self._tree, path.parent.relative_to(policies).parts).update(table)
        self._fields |= set(_properties(json.loads(INPUT.read_text("utf-8"))))
        for module in self._modules.values():
            for rule in _rules(module):
                head = [part["value"] for part in rule["head"]["ref"]]
                _node(self._tree, _package(module))[head[0]] = _RULE
                self._fields |= {part for part in head[1:] if isinstance(part, str)}
            self._fields |= {key["value"] for term in _walk(module) for key in _literal_keys(term)}
        self._read: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        self._found: list[str] = []

    def faults(self) -> list[str]:
        for name, module in self._modules.items():
            for term in _walk(module):
                wrong = self._unknown(module, term)
                if not name.endswith("_test.rego"):
                    self._found += [f"{name}: {word}: nothing has this name" for word in wrong]
        for name, module in self._modules.items():
            if not name.endswith("_test.rego"):
                self._look_for_readers(name, module)
        return sorted(set(self._found))

    def _unknown(self, module: Json, term: Json) -> list[str]:
        """What of this term is nowhere; which rules it reads is noted."""
        package = [{"value": "data"}, *_strings(_package(module))]
        if term.get("type") == "var":
            self._reads(module, [*package, _string(term["value"])])
        if term.get("type") != "ref":
            return []
        first, rest = term["value"][0], term["value"][1:]
        if first["type"] != "var":
            return self._unknown_fields(rest)
        head = first["value"]
        imported = {_alias(entry): entry["path"]["value"] for entry in module.get("imports", [])}
        if ".".join([head, *(str(part["value"]) for part in rest)]) in self._builtins:
            return []
        if head in imported:
            return self._reads(module, [*imported[head], *rest])
        if head in {rule["head"]["ref"][0]["value"] for rule in _rules(module)}:
            return self._reads(module, [*package, _string(head), *rest])
        return self._reads(module, term["value"]) if head == "data" else self._unknown_fields(rest)

    def _reads(self, module: Json, ref: list[Json]) -> list[str]:
        """Note which rules are read; what of the reference is nowhere."""
        places: dict[tuple[str, ...], Any] = {(): self._tree}
        for n, part in enumerate(ref[1:], start=1):
            word = part["value"] if part.get("type") == "string" else None
            below = {
                (*place, child): node
                for place, there in places.items()
                if isinstance(there, dict)
                for child, node in there.items()
                if word is None or child == word
            }
            if not below:
                return [word] if word is not None and any(isinstance(there, dict) for there in places.values()) else []
            for place in [place for place, node in below.items() if node == _RULE and word is not None]:
                self._read.setdefault(place, set()).add(_package(module))
            if any(node == _RULE for node in below.values()):
                return self._unknown_fields(ref[n + 1 :])
            places = below
        return []

    def _unknown_fields(self, parts: list[Json]) -> list[str]:
        """Of a value only the fields' names are known, not which of them it has; `*` is a key of a table."""
        words = [part["value"] for part in parts if part.get("type") == "string"]
        return [word for word in words if word.isidentifier() and word not in self._fields]

    def _look_for_readers(self, name: str, module: Json) -> None:
        package = _package(module)
        for rule in {rule["head"]["ref"][0]["value"] for rule in _rules(module)}:
            readers = self._read.get((*package, rule), set())
            if not readers and (*package, rule) not in _ENTRYPOINTS:
                self._found.append(f"{name}: {rule}: nobody reads it")
            elif rule.startswith("_") and readers - {package}:
                self._found.append(f"{name}: {rule}: another package reads what is its own")
            elif package[0] in _FOR_OTHERS and not rule.startswith("_") and readers <= {package}:
                self._found.append(f"{name}: {rule}: nobody else reads it, so it begins with _")


def _parse(policies: Path) -> dict[str, Json]:
    """File -> its syntax tree, as OPA reads it."""
    texts = {
        path.relative_to(policies).as_posix(): path.read_text("utf-8") for path in sorted(policies.rglob("*.rego"))
    }
    query = "{name: rego.parse_module(name, text) | some name, text in input}"
    command = [opa(), "eval", "--stdin-input", "--fail", "--format", "raw", query]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True)
    modules: dict[str, Json] = json.loads(done.stdout)
    return modules


def _rules(module: Json) -> list[Json]:
    return [rule for rule in module.get("rules", []) if not rule["head"]["ref"][0]["value"].startswith("test_")]


def _package(module: Json) -> tuple[str, ...]:
    return tuple(part["value"] for part in module["package"]["path"][1:])


def _alias(entry: Json) -> str:
    return str(entry.get("alias") or entry["path"]["value"][-1]["value"])


def _walk(found: Any) -> Iterator[Json]:
    """Every term of a module; not the names that its rules define, nor its package and imports."""
    if isinstance(found, list):
        for entry in found:
            yield from _walk(entry)
    elif isinstance(found, dict):
        if "type" in found and "value" in found:
            yield found
            if found["type"] == "ref" and found["value"][0]["type"] == "var":  # the head is looked at with it
                found = {"value": found["value"][1:]}
        for key, value in found.items():
            if key == "head":
                yield from _walk({name: part for name, part in value.items() if name not in ("name", "ref")})
                yield from _walk(value["ref"][1:])
            elif key not in ("package", "imports", "annotations"):
                yield from _walk(value)


def _literal_keys(term: Json) -> list[Json]:
    return [key for key, _ in term["value"] if key["type"] == "string"] if term.get("type") == "object" else []


def _keys(table: Any) -> Iterator[str]:
    if isinstance(table, dict):
        yield from table
    for entry in table.values() if isinstance(table, dict) else table if isinstance(table, list) else ():
        yield from _keys(entry)


def _properties(schema: Json) -> Iterator[str]:
    for key, value in schema.items():
        if key == "properties":
            yield from value
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                yield from _properties(part)


def _node(tree: Json, place: tuple[str, ...]) -> Json:
    for part in place:
        tree = tree.setdefault(part, {})
    return tree


def _string(word: str) -> Json:
    return {"type": "string", "value": word}


def _strings(words: tuple[str, ...]) -> list[Json]:
    return [_string(word) for word in words]


if __name__ == "__main__":
    wrong = faults(Path(sys.argv[1]) if len(sys.argv) > 1 else POLICIES)
    print("\n".join(wrong))
    sys.exit(bool(wrong))
