"""The counties and their names, from the register's tables."""

import csv
from collections.abc import Mapping
from importlib.resources import files


def counties() -> Mapping[str, str]:
    """Names of the counties (län) by code."""
    rows = csv.DictReader((files("broker.authorities") / "regions.csv").read_text("utf-8").splitlines())
    return {row["region_code"]: row["county_name"] for row in rows}
