"""The command that makes a cluster's keys: `samband keys`."""

from broker import settings
from broker.cli.options import AsJson, Language
from broker.cli.output import Output, Stop
from broker.cli.texts import Lang
from broker.ports.faults import Away


def keys(*, as_json: AsJson = False, lang: Language = Lang.SV) -> None:
    """Make the keys of a new cluster, before anything starts; later only say which they are.

    token.key in SAMBAND_KEYS; log.key in SAMBAND_LOG_KEYS, or there too. Makes nothing where SAMBAND_POSTGRES_URL holds
    decisions or a signed log already: a key that is missing then comes from a backup. Back them up, for the owner
    alone to read.
    """
    output = Output(lang, as_json=as_json)
    folder, of_log, url = settings.keys(new=True), settings.log_keys(new=True), settings.postgres()
    try:
        from broker.runtime.keys import make_keys  # noqa: PLC0415 - an extra

        cluster_keys = make_keys(url, folder, of_log, settings.contents_keys(new=True))
    except ImportError:
        raise Stop(2, output.words("needs_extra")) from None
    except Away as away:
        raise Stop(2, str(away)) from None
    if as_json:
        output.line({"tokens": cluster_keys.tokens, "log": cluster_keys.log})
    else:
        output.note(output.words("keys_stand", folder=folder, tokens=cluster_keys.tokens, log=cluster_keys.log))
    output.flush()
