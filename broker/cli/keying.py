"""The command that makes a cluster's keys: `samband keys`."""

from broker import settings
from broker.cli.options import AsJson, Language
from broker.cli.output import Output, Stop
from broker.cli.texts import Lang
from broker.ports import Away


def keys(*, as_json: AsJson = False, lang: Language = Lang.SV) -> None:
    """Make the keys of a new cluster in SAMBAND_KEYS, before anything starts; later only say which they are.

    Makes nothing where SAMBAND_POSTGRES_URL holds decisions or a signed log already: a key that is missing then
    comes from a backup. Back the folder up, for the owner's eyes.
    """
    output = Output(lang, as_json=as_json)
    folder, url = settings.keys(new=True), settings.postgres()
    try:
        from broker.keys import made  # noqa: PLC0415 - an extra

        found = made(url, folder)
    except ImportError:
        raise Stop(2, output.words("needs_extra")) from None
    except Away as away:
        raise Stop(2, str(away)) from None
    if as_json:
        output.line({"tokens": found.tokens, "log": found.log})
    else:
        output.note(output.words("keys_stand", folder=folder, tokens=found.tokens, log=found.log))
    output.flush()
