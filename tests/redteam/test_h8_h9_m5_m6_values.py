"""H8, H9, M5, M6 and low: far dates, numbers in free texts, a small count told by its neighbours, raw signs in JSON."""

from typing import Any

import pytest
from attacks import ASSOC, KID, POL, SCH, SOC, Town, message
from command import Json

NUMBER = KID["id"]
FORMS = {
    "twelve digits": NUMBER,
    "en dash": f"{NUMBER[2:8]}\u2013{NUMBER[8:]}",
    "hyphen that does not break": f"{NUMBER[2:8]}\u2011{NUMBER[8:]}",
    "minus": f"{NUMBER[2:8]}\u2212{NUMBER[8:]}",
    "soft hyphen": f"{NUMBER[2:8]}\u00ad{NUMBER[8:]}",
    "blank that does not break": f"{NUMBER[2:8]}\u00a0{NUMBER[8:]}",
    "two blanks": f"{NUMBER[2:8]}  {NUMBER[8:]}",
    "tab": f"{NUMBER[2:8]}\t{NUMBER[8:]}",
    "dot": f"{NUMBER[2:8]}.{NUMBER[8:]}",
    "slash": f"{NUMBER[2:8]}/{NUMBER[8:]}",
    "full width": "".join(chr(ord(digit) + 0xFEE0) for digit in NUMBER),
    "zero width": f"{NUMBER[2:8]}\u200b{NUMBER[8:]}",
    "a day with dashes": f"{NUMBER[:4]}-{NUMBER[4:6]}-{NUMBER[6:8]}-{NUMBER[8:]}",
    "a spaced day": f"{NUMBER[:4]} {NUMBER[4:6]} {NUMBER[6:8]} {NUMBER[8:]}",
}


def request(**more: Any) -> Json:
    body = {"purpose": "prevent", "need": "Se ärendet.", "subject": KID, "categories": ["school_attendance"]}
    return message("InformationRequest", POL, SCH, body | more)


def barred(receipt: Json) -> tuple[str, list[str]]:
    return receipt["outcome"], [bar["id"] for bar in receipt.get("bars", ())]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_m5_a_number_is_found_in_every_form(town: Town, form: str) -> None:
    notice = {"measure": f"Samtal med {form} om kvällarna.", "by": "fritidsgården", "period": "2026"}
    picture = {"level": "local", "period": "2026", "text": f"Se {form}."}
    withheld = town.run(
        message("MeasureNotice", SOC, POL, notice),
        message("MeasureNotice", SOC, POL, notice | {"measure": "Samtal", "by": form}),
        message("SituationPicture", POL, SOC, picture),
        message("SituationPicture", POL, SOC, picture | {"text": "", "counts": [{"label": form, "n": 12}]}),
        message("SituationPicture", POL, SOC, picture | {"text": "", "period": form}),
    )
    assert list(map(barred, withheld)) == [("withhold", ["personal_data"])] * 5


def test_h9_words_along_with_a_message_carry_nobody(town: Town) -> None:
    """Careless: the answer is given in the interim answer."""
    asked = request()
    told = f"Eleven {NUMBER[2:8]}\u2013{NUMBER[8:]} går hos skolpsykologen."
    refusal = {"categories": ["school_attendance"], "reason": "not_held", "text": told}
    assert [found["outcome"] for found in town.run(asked)] == ["forward"]
    for kind, body in (("Interim", {"text": told}), ("Clarification", {"text": told}), ("Refusal", refusal)):
        (found,) = town.run(message(kind, SCH, POL, body, in_reply_to=asked["id"]))
        assert barred(found) == ("refer", ["personal_data"]), kind
    recall = message("Recall", POL, SCH, {"message": asked["id"], "text": told})
    enquiry = message("SupportEnquiry", ASSOC, SOC, {"topic": "stöd", "text": told})
    found = town.run(request(need=told), request(period=told), recall, enquiry)
    assert list(map(barred, found)) == [("refer", ["personal_data"])] * 4
    assert town.run(request(need="x" * 2_001))[0]["error"]["detail"] == "body.need: must have at most 2000 characters"
    assert town.samband("inbox", POL["authority"], "--json").objects == [] or NUMBER[8:] not in str(
        [line for line in town.samband("inbox", POL["authority"], "--json").objects if line["type"] == "delivery"]
    )


def test_m6_a_small_count_is_not_told_by_its_neighbours(town: Town) -> None:
    counts = [{"label": label, "n": n} for label, n in (("alla", 12), ("pojkar", 8), ("flickor", 4))]
    (found,) = town.run(message("SituationPicture", POL, SOC, {"level": "local", "period": "2026", "counts": counts}))
    assert (found["outcome"], found["partial"]) == ("forward", True)
    (line,) = (row for row in town.samband("inbox", SOC["authority"], "--json").objects if row["type"] == "delivery")
    assert [count["n"] for count in line["message"]["body"]["counts"]] == [12, None, None]


@pytest.mark.parametrize("field", ["deadline"])
def test_h8_a_far_date_is_refused_and_the_run_goes_on(town: Town, field: str) -> None:
    far, near, last = town.run(
        request(**{field: "9999-12-31T23:59:59Z"}), request(), message("Recall", POL, SCH, {"message": request()["id"]})
    )
    assert far["error"]["detail"] == f"body.{field}: must lie in the years 1900-2200"
    assert (near["outcome"], last["outcome"]) == ("forward", "withhold")
    for shown in (
        ("inbox", SCH["authority"]),
        ("register", "show", "requests"),
        ("register", "show", "requests", "--all"),
    ):
        assert town.samband(*shown).status == 0


def test_low_json_for_a_terminal_holds_no_sign_that_it_obeys(town: Town) -> None:
    town.run(request(need="a\u009b31mb\u202ec\u2028d\u200fe\x7ff"))
    raw = town.samband("inbox", SCH["authority"], "--json")
    assert not any(sign in raw.out for sign in "\u009b\u202e\u2028\u200f\x7f")
    assert raw.objects[0]["message"]["body"]["need"] == "a\u009b31mb\u202ec\u2028d\u200fe\x7ff"


def test_low_a_reserve_number_is_one_person_however_it_is_written(town: Town) -> None:
    """NFC or NFD, small or capital: the request and its answer are about the same person; another issuer's is not."""

    def person(number: str, issuer: str) -> Json:
        return {"id_type": "reserve", "id": number, "id_issuer": issuer, "birth_date": "2010-05-05"}

    asked = request(subject=person("1 \u00c1", "region-01"))
    town.run(asked)

    def answer(number: str, issuer: str) -> Json:
        body = {"subject": person(number, issuer), "items": [{"category": "school_attendance", "content": "x"}]}
        return message("Disclosure", SCH, POL, body, in_reply_to=asked["id"])

    same = town.run(answer("1 A\u0301", "region-01"), answer("1 \u00e1", "region-01"), answer("1 \u00c1", "region-01"))
    assert [found["outcome"] for found in same] == ["refer"] * 3
    (other,) = town.run(answer("1 \u00c1", "region-12"))
    assert other["error"]["code"] == "not_your_request"
    (unknown,) = town.run(request(subject=person("1 \u00c1", "region-99")))
    assert unknown["error"]["code"] == "unknown_authority"
