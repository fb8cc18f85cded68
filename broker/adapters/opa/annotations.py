"""The statute texts that stand as annotations in the law's packages, as OPA's own program tells them."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Paragraphs = dict[str, dict[str, Any]]


def paragraphs(law: Path, opa: str | Path) -> Paragraphs:
    """Reference, title, text, days and doubts of each paragraph, by its package's place. `law`: a folder or a bundle.

    Raises OSError, ValueError or CalledProcessError where OPA can't tell them.
    """
    command = [str(opa), "inspect", "-a", "-f", "json", str(law)]
    inspected = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    entries: Paragraphs = {}
    for annotated in inspected["annotations"]:
        place = [part["value"] for part in annotated["path"]][1:]
        if place[0] == "statutes" and annotated["annotations"]["scope"] == "package":
            notes = annotated["annotations"]
            entry = {"title": notes["title"], "text": notes["description"], **notes["custom"]}
            if "coming" in entry:
                entry["coming"] = list(_wordings(entry["text"], entry["coming"]))
            entries["/".join(place[1:])] = entry
    return entries


def _wordings(text: str, coming: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The wordings to come, each whole: where one is given by its third paragraph, the others are as before."""
    for wording in coming:
        if "third_paragraph" in wording:
            first, second, _, *rest = text.strip().split("\n\n")
            text = "\n\n".join((first, second, wording["third_paragraph"].strip(), *rest))
        else:
            text = wording["text"]
        yield {"from": wording["from"], "amended_by": wording["amended_by"], "text": text}
