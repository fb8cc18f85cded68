"""The bench's words in both languages."""

from broker.cli.texts import Lang

_TEXTS = {
    "forwarder": ("a  utan policy", "a  no policy"),
    "asking": ("b  Faust", "b  Faust"),
    "worker": ("c  samband worker", "c  samband worker"),
    "worker_forgetful": ("c  glömsk worker", "c  forgetful worker"),
    "embedded": ("d  samband run", "d  samband run"),
    "way": ("sätt", "way"),
    "authorities": ("myndigheter", "authorities"),
    "messages": ("meddelanden", "messages"),
    "throughput": ("meddelanden/s", "messages/s"),
    "beside": ("mot a", "beside a"),
    "rate": ("takt", "rate"),
    "lost": ("saknas", "missing"),
    "throughput_title": ("Genomströmning, meddelanden per sekund", "Throughput, messages a second"),
    "latency_title": (
        "Tid från avsedd sändning till leverans, millisekunder",
        "Time from intended sending to delivery, milliseconds",
    ),
    "not_held": ("för fort", "too fast"),
    "ratio": ("{one} mot {other} vid {count}: {ratio}", "{one} to {other} at {count}: {ratio}"),
    "aim": (" (mål minst {aim})", " (aim at least {aim})"),
    "machine": ("{cpus} processorer, {system}", "{cpus} processors, {system}"),
    "kept": ("sparat i {folder}", "kept in {folder}"),
}


def text(lang: Lang, key: str, **values: object) -> str:
    """A text, with values filled in."""
    return _TEXTS[key][lang is Lang.EN].format(**values)
