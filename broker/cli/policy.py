"""The commands around the law's signed bundle for OPA servers: to make it, and the key to sign it with."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from broker import bundle
from broker.adapters.opa import signed_bundle
from broker.adapters.opa.signed_bundle import PolicyBundleError
from broker.cli.output import Output, Stop
from broker.cli.texts import Lang

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
        signed_bundle.build(policies, key, out, Path(program).absolute())
    except PolicyBundleError as error:
        raise Stop(2, str(error)) from None
    signed = {"algorithm": signed_bundle.ALGORITHM, "keyid": signed_bundle.KEY_ID, "scope": signed_bundle.SCOPE}
    Output(Lang.EN, as_json=True).line({"bundle": str(out), "revision": revision, **signed})


@app.command("keys")
def policy_keys(*, key: Key) -> None:
    """Make a key pair that bundles are signed with. The policy servers get the public one."""
    public = key.with_name(f"{key.name}.pub")
    try:
        signed_bundle.new_key(key, public)
    except PolicyBundleError as error:
        raise Stop(2, str(error)) from None
    Output(Lang.EN, as_json=True).line({"key": str(key), "public": str(public)})
