"""Standard streams as a command may find them: closed, of another encoding, or on a full disk."""

import os
import sys

_NAMES = ("stdin", "stdout", "stderr")


def make_ready() -> None:
    """Let texts be UTF-8, and let what is closed lead nowhere: else the next file that is opened would take its number.

    A closed stdin stays None, for whoever asks for input.
    """
    for descriptor, name in enumerate(_NAMES):
        stream = getattr(sys, name)
        if stream is None:
            lead_nowhere(descriptor)
            if name != "stdin":
                setattr(sys, name, open(descriptor, "w", encoding="utf-8", closefd=False))  # noqa: SIM115
        elif name != "stdin" and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def lead_nowhere(descriptor: int) -> None:
    """Let nothing more be tried on a stream that nobody reads, also not when the interpreter ends."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    if nowhere != descriptor:
        os.dup2(nowhere, descriptor)
        os.close(nowhere)


def end() -> None:
    """Hand over what waits for stdout, or give it up."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        lead_nowhere(1)


def say(line: str) -> None:
    """One line on stderr, if anybody hears it."""
    try:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        lead_nowhere(2)


def as_it_reads(line: str) -> str:
    """On one line, and what is not to be seen in it, such as control signs of a file's name, written out."""
    shown = (sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in " ".join(line.split()))
    return "".join(shown)
