"""M1: the register file made an association the police, and took what nobody may be."""

import json
from typing import Any

import pytest
from attacks import Town
from command import samband

FALSE = {
    "an association under the police": {"kind": "civil_society", "principal": "polismyndigheten"},
    "a school under the police": {"kind": "school", "principal": "polismyndigheten"},
    "a school under an association": {"kind": "school", "principal": "forening-lyktan"},
    "a school under itself": {"kind": "school", "principal": "falsk"},
    "letters that only look Latin": {"kind": "civil_society", "name": "\u0420\u043elismyndigheten"},
    "the broker's own id": {"authority": "samband", "kind": "civil_society"},
    "nobody's id": {"authority": "anonymous", "kind": "civil_society"},
    "a name that is an authority's": {"kind": "civil_society", "name": "ＰolisMyndigheten"},
    "a region's name, in capitals": {"kind": "municipal_company", "name": "REGION  Stockholm"},
    "a name that turns the line": {"kind": "civil_society", "name": "Lyktan\u202e nebyltkan"},
}


@pytest.mark.parametrize("entry", FALSE.values(), ids=FALSE)
def test_the_register_refuses_it(town: Town, entry: dict[str, Any]) -> None:
    friends = [{"authority": "forening-lyktan", "name": "Lyktan", "kind": "civil_society"}]
    file = town.place / "register.json"
    file.write_text(json.dumps([*friends, {"authority": "falsk", "name": "Falsk", **entry}]), "utf-8")
    ended = samband("register", "show", "--register", file)
    assert (ended.status, ended.out) == (2, "")
    assert str(file) in ended.line
