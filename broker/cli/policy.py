"""The commands around the law's signed bundle for OPA servers: to make it, and the key to sign it with."""

import shutil
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from broker import bundle
from broker.adapters.opa import signed_bundle
from broker.adapters.opa.bundle_keys import ALGORITHM, key_id, trusted
from broker.adapters.opa.candidate import CandidateError, open_law
from broker.adapters.opa.signed_bundle import PolicyBundleError
from broker.adapters.opa.staged import content_of, stage
from broker.adapters.opa.wasm import WasmDecisionPoint
from broker.adapters.sql import laws, postgres
from broker.adapters.sql import read_model as archives
from broker.bundle import Bundle
from broker.cli import arguments, list_view
from broker.cli.options import NEARBY, AsJson, Kept, Language, clock
from broker.cli.output import Output, Stop
from broker.cli.texts import Lang, number
from broker.explanation.again import ask_again
from broker.explanation.again import difference as difference_of
from broker.explanation.changes import Tally
from broker.model.days import as_number, swedish_day
from broker.runtime import embedded

app = typer.Typer(help="The law for policy servers: a signed bundle.", rich_markup_mode=None)

Key = Annotated[Path, typer.Option("--key", metavar="FILE", help="The private key; the public one is FILE.pub.")]


@app.callback()
def policy() -> None:
    """The law for policy servers: a signed bundle."""


@app.command("build")
def policy_build(
    *,
    key: Key,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it.")] = Path("bundle.tar.gz"),
    policies: Annotated[Path, typer.Option("--policies", metavar="DIR", help="The rules.")] = Path("policies"),
    opa: Annotated[Path | None, typer.Option("--opa", metavar="FILE", envvar="OPA", help="OPA's program.")] = None,
) -> None:
    """Build and sign the bundle that this installation demands of its policy servers. Shows what it is, as JSON."""
    program = shutil.which(opa or "opa")
    if program is None:
        raise Stop(2, "opa is missing: run deploy/local/install_opa.sh, or name OPA's program with --opa")
    wanted = bundle.load().revision
    try:
        revision = signed_bundle.revision(policies)
        if revision != wanted:
            raise Stop(
                2,
                f"{policies} is another law ({revision[:16]}) than this installation's ({wanted[:16]}), which would "
                "not take its answers: run 'make bundle', or the clone of this version",
            )
        by = signed_bundle.build(policies, key, out, Path(program).absolute())
    except PolicyBundleError as error:
        raise Stop(2, str(error)) from None
    signed = {"algorithm": ALGORITHM, "keyid": by, "scope": signed_bundle.SCOPE}
    Output(Lang.EN, as_json=True).line({"bundle": str(out), "revision": revision, **signed})


@app.command("roll")
def policy_roll(
    *,
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="The signed bundle of the law to come.")],
    first_day: Annotated[
        date,
        typer.Option("--first-day", parser=arguments.day, metavar="YYYY-MM-DD", help="The day from which it holds."),
    ],
    bundle_key: Annotated[Path, typer.Option("--bundle-key", metavar="FILE", help="The public key of bundles.")],
    data: Kept = NEARBY,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be otherwise, and change nothing.")
    ] = False,
    opa: Annotated[Path, typer.Option("--opa", metavar="FILE", envvar="OPA", help="OPA's program.")] = Path("opa"),
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Announce the law of a day to come: messages of that day and later are decided under it, all others as before.

    First shows which recorded decisions it would change, asked as if that were their day. Nothing is restarted. With
    --data postgres, as the database's owner, it is announced where all workers see it.
    """
    output = Output(lang, as_json=as_json)
    words = output.words
    if not dry_run and first_day <= swedish_day(clock()):
        raise Stop(2, words("law_too_late"))
    try:
        law = open_law(to, bundle_key, opa)
    except CandidateError as error:
        raise Stop(2, str(error)) from None
    asked, differing, tally = 0, 0, Tally()
    with archives.open_archive(data) as archive:
        for record, now in ask_again(WasmDecisionPoint(law), archive.decisions(0), first_day):
            asked += 1
            if (difference := difference_of(record, now)) is not None:
                differing += 1
                tally.add(difference)
                if as_json:
                    output.line(difference)
    if not as_json and tally.groups():
        output.show(list_view.change_counts(words, tally.groups()))
    if not dry_run:
        _announce(data, law, as_number(first_day))
    said = {"revision": law.revision, "first_day": f"{first_day:%Y-%m-%d}", "asked": asked, "announced": not dry_run}
    if as_json:
        output.line({**said, "differing": differing})
    else:
        name = "law_compared" if dry_run else "law_announced"
        day = f"{first_day:%Y-%m-%d}"
        counts = {"asked": number(asked), "differing": number(differing)}
        output.show(Text(words(name, revision=law.revision[:12], day=day, **counts)))
    output.flush()


def _announce(data: str, law: Bundle, first_day: int) -> None:
    if archives.is_database(data):
        return laws.announce(postgres.address(data), first_day, law.revision, content_of(law))
    folder = Path(data) / embedded.LAWS
    try:
        stage(folder, law, first_day)
    except OSError as error:
        raise Stop(2, f"{folder}: can't be written: {error.strerror}") from None


@app.command("keys")
def policy_keys(*, key: Key) -> None:
    """Make a key pair that bundles are signed with. The policy servers get the public one."""
    public = key.with_name(f"{key.name}.pub")
    try:
        name = signed_bundle.new_key(key, public)
    except PolicyBundleError as error:
        raise Stop(2, str(error)) from None
    Output(Lang.EN, as_json=True).line({"key": str(key), "public": str(public), "keyid": name})


@app.command("trust")
def policy_trust(
    *, keys: Annotated[list[Path], typer.Argument(metavar="FILE", help="Public keys that bundles are checked with.")]
) -> None:
    """Show what SAMBAND_OPA_KEYS is for policy servers that take what any of these keys has signed, as JSON.

    While a key is changed they are given the old one and the new one.
    """
    shown = []
    for key in keys:
        try:
            shown.append(key.read_text("utf-8"))
            key_id(shown[-1])
        except OSError as error:
            raise Stop(2, f"{key}: can't be read: {error.strerror}") from None
        except ValueError:
            raise Stop(2, f"{key}: can't be read as a public key: give the file that ends in .pub") from None
    Output(Lang.EN, as_json=True).line(trusted(shown))
