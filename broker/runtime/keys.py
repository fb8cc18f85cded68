"""The two keys of a cluster (nycklar): made where nothing was ever decided or signed, else only read.

`token.key` stands behind every token, `log.key` signs the log. They lie in one folder, or each in its own, so that
only the ledger can reach the second. `samband keys` makes both before anything starts; a worker or a ledger that starts
first makes its own. A key that is missing later is never made anew: that would end the linking of persons, or the log
under its name.
"""

from dataclasses import dataclass
from pathlib import Path

from broker.adapters.files import checkpoint_file
from broker.adapters.files import contents_key as contents_key_file
from broker.adapters.files.contents_key import ContentsKey
from broker.adapters.files.signing import Signer, TokenKey
from broker.adapters.sql import postgres
from broker.adapters.sql.audit_log import last_checkpoint
from broker.adapters.sql.data_folder import PUBLIC_KEY
from broker.adapters.sql.worker_outbox import DecisionLog
from broker.runtime.embedded import LOG_NAME

TOKENS, LOG = "token.key", "log.key"
CONTENTS = contents_key_file.FILE


@dataclass(frozen=True)
class Keys:
    """What may be told of them: the id of the one, the public half of the other."""

    tokens: str
    log: str


def make_keys(url: str, folder: Path, of_log: Path, of_contents: Path) -> Keys:
    """Make what is missing, where it may be made. Raises KeyFileError, or Away."""
    with postgres.working(url, "samband keys") as connection:
        with DecisionLog(connection).first_start() as nothing_decided:
            unsigned = last_checkpoint(connection) is None
            tokens = token_key(folder, fresh=nothing_decided and unsigned and not _has_published(of_log))
            contents_key(of_contents, fresh=nothing_decided and unsigned and not _has_published(of_log))
            signer = log_signer(of_log, fresh=unsigned)
        write_public_key(folder, signer)
        return Keys(tokens.key_id, signer.vkey)


def token_key(folder: Path, *, fresh: bool) -> TokenKey:
    """The key of all tokens. `fresh`: no message was ever decided. Raises KeyFileError."""
    return TokenKey(folder / TOKENS, create=fresh and not _has_published(folder))


def contents_key(folder: Path, *, fresh: bool) -> ContentsKey:
    """What wraps the keys of all cases. `fresh`: no message was ever decided. Raises KeyFileError."""
    key = ContentsKey(folder / CONTENTS, create=fresh and not _has_published(folder))
    key.require()
    return key


def log_signer(folder: Path, *, fresh: bool) -> Signer:
    """The log's key, its public half beside it. `fresh`: no checkpoint is stored. Raises KeyFileError."""
    signer = Signer(folder / LOG, LOG_NAME, create=fresh and not _has_published(folder))
    write_public_key(folder, signer)
    return signer


def write_public_key(folder: Path, signer: Signer) -> None:
    """The public half beside the key, or apart from it for who verifies."""
    (folder / PUBLIC_KEY).write_text(f"{signer.vkey}\n", encoding="utf-8")


def _has_published(folder: Path) -> bool:
    """Whether a checkpoint has ever gone out, whatever the database says now."""
    return (folder / checkpoint_file.FILE).exists()
