"""Writes objects as YAML 1.2 that people read: block style, in the order given."""

import json
import re
from typing import Any

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 _/.-]*[A-Za-z0-9]|[A-Za-z]")
_TAKEN = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


def lines_of(value: dict[str, Any], indent: str = "") -> list[str]:
    """The lines. A scalar is JSON, which YAML reads, or plain where that is the same."""
    lines = []
    for name, found in value.items():
        if isinstance(found, dict) and found:
            lines += [f"{indent}{_scalar(name)}:", *lines_of(found, indent + "  ")]
        elif isinstance(found, list) and any(isinstance(entry, dict) for entry in found):
            lines.append(f"{indent}{_scalar(name)}:")
            for entry in found:
                first, *rest = lines_of(entry, indent + "    ") if isinstance(entry, dict) else [_scalar(entry)]
                lines += [f"{indent}  - {first.strip()}", *rest]
        elif isinstance(found, str) and "\n" in found:
            lines += [f"{indent}{_scalar(name)}: |", *(f"{indent}  {line}".rstrip() for line in found.splitlines())]
        else:
            lines.append(f"{indent}{_scalar(name)}: {_scalar(found)}")
    return lines


def _scalar(value: object) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _TAKEN:
        return value
    return json.dumps(value, ensure_ascii=False)
