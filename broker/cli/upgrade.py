"""The command that brings data of an earlier version to this one: `samband upgrade`."""

from pathlib import Path

from broker import settings
from broker.adapters.files.contents_key import FILE, ContentsKey
from broker.adapters.sql import data_folder, postgres
from broker.adapters.sql import read_model as archives
from broker.cli.options import NEARBY, AsJson, Kept, Language
from broker.cli.output import Output
from broker.cli.texts import Lang


def upgrade(*, data: Kept = NEARBY, as_json: AsJson = False, lang: Language = Lang.SV) -> None:
    """Bring data that an earlier version left to this one's schema, once nothing writes there any more."""
    output = Output(lang, as_json=as_json)
    if archives.is_database(data):
        old, new = postgres.upgrade(postgres.address(data), _contents_key)
        place = archives.DATABASE
    else:
        old, new = data_folder.upgrade(Path(data))
        place = data
    if as_json:
        output.line({"from": old, "to": new})
    else:
        done = "database_made" if not old else "upgraded" if old != new else "upgraded_already"
        output.note(output.words(done, data=place, old=old, new=new))
    output.flush()


def _contents_key() -> ContentsKey:
    """What the workers' contents are sealed with. Raises SettingsError."""
    return ContentsKey(settings.contents_keys(new=True) / FILE)
