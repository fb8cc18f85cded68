"""The bench's words, in Swedish and English."""

from broker.cli.texts import Lang

_TEXTS = {
    "forwarder": ("a  samma klient, ingen policy", "a  same client, no policy"),
    "asking": ("b  Faust, en fråga per meddelande", "b  Faust, one question a message"),
    "worker": ("c  samband worker", "c  samband worker"),
    "worker_forgetful": ("c  utan ihågkomna beslut", "c  without remembered decisions"),
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
    "not_held": ("håller inte takten", "does not hold the rate"),
    "ratio": ("{one} mot {other} vid {count}: {ratio}", "{one} to {other} at {count}: {ratio}"),
    "aim": (" (mål minst {aim})", " (aim at least {aim})"),
    "machine": ("{cpus} processorer, {system}", "{cpus} processors, {system}"),
    "kept": ("sparat i {folder}", "kept in {folder}"),
}


def text(lang: Lang, key: str, **values: object) -> str:
    """A text, with values filled in."""
    return _TEXTS[key][lang is Lang.EN].format(**values)
