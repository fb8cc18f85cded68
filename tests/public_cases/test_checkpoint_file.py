"""Public case 13: a checkpoint kept as a program prints it, between other lines, and a file that holds none."""

from pathlib import Path

from command import samband

FILE = Path(__file__).parent / "13-checkpoint-file-that-is-none" / "in.jsonl"


def test_what_run_prints_is_a_checkpoint_or_is_said_to_be_none(tmp_path: Path) -> None:
    data, kept = tmp_path / "data", tmp_path / "kept.txt"
    ran = samband("run", FILE, "--data", data, "--json")
    assert ran.status == 0 and not ran.err.startswith("samband.local")
    kept.write_text(ran.err, "utf-8")
    assert samband("audit", "verify", "--data", data, "--checkpoint", kept).status == 0
    kept.write_text(ran.err.partition("\n")[0], "utf-8")
    ended = samband("audit", "verify", "--data", data, "--checkpoint", kept)
    assert ended.status == 2 and str(kept) in ended.line and "ÄNDRAD" not in ended.out
