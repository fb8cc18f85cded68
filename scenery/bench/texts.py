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
    "ratio": ("{way} mot {beside}, {load} vid {count}: {ratio}", "{way} to {beside}, {load} at {count}: {ratio}"),
    "by_chance": (" (ingen säker skillnad: av en slump {chance})", " (no sure difference: by chance {chance})"),
    "memory": ("MB", "MB"),
    "kafka": ("Kafka", "Kafka"),
    "worker_stages_title": (
        "Processortid, ms per meddelande och steg",
        "Processor time, milliseconds a message by stage",
    ),
    "aim": (" (mål minst {aim})", " (aim at least {aim})"),
    "machine": ("{cpus} processorer, {system}", "{cpus} processors, {system}"),
    "load": ("arbete", "work"),
    "independent": ("fristående", "independent"),
    "conversation": ("samtal i kö", "conversation"),
    "per_second": ("per s", "a second"),
    "cpu": ("ms processor", "ms processor"),
    "decode": ("läsning", "decode"),
    "facts": ("fakta", "facts"),
    "law": ("lagen", "law"),
    "record": ("post", "record"),
    "database": ("databas", "database"),
    "rest": ("övrigt", "rest"),
    "p99_live": ("p99", "p99"),
    "stages_title": (
        "Processortid, ms per meddelande och steg; p99: till leverans i en ström av 200 i sekunden (medianer)",
        "Processor time, ms a message by stage; p99: to delivery in a stream of 200 a second (medians)",
    ),
    "sizing": (
        "{load}: 100 meddelanden i sekunden tar {cores} millikärnor och {mb} MB",
        "{load}: 100 messages a second take {cores} millicores and {mb} MB",
    ),
    "differs": (
        "{load}: {ratio} gånger den andra versionens processortid (av en slump: {chance})",
        "{load}: {ratio} times the other version's processor time (by chance alone: {chance})",
    ),
    "no_difference": (
        "{load}: ingen säker skillnad mot den andra versionen ({ratio} gånger, av en slump: {chance})",
        "{load}: no difference that can be claimed to the other version ({ratio} times, by chance alone: {chance})",
    ),
    "kept": ("sparat i {folder}", "kept in {folder}"),
}


def text(lang: Lang, key: str, **values: object) -> str:
    """A text, with values filled in."""
    return _TEXTS[key][lang is Lang.EN].format(**values)
