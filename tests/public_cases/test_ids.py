"""06-withdrawal-with-a-blank: a blank at the end of an id keeps no consent alive; a new id with one is refused."""

from pathlib import Path

from command import samband

CASE = Path(__file__).parent / "06-withdrawal-with-a-blank"


def test_a_withdrawal_that_names_the_id_with_a_blank_counts(tmp_path: Path) -> None:
    receipts = samband("run", CASE / "in.jsonl", "--json", "--data", tmp_path / "d").objects
    assert [receipt["outcome"] for receipt in receipts[:2]] == ["forward", "forward"]
    assert receipts[2]["grounds"] == []
