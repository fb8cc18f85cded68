"""What would become of drafts, before they are sent."""

from collections.abc import Callable, Sequence
from datetime import datetime

from agents.agency.broker import Broker
from agents.agency.preview import Preview
from agents.agency.preview import preview as preview_messages
from agents.desk import trial
from agents.desk.settings import DeskSettings
from agents.desk.store import DeskDraft, Store
from agents.desk.writing import answered_by, draft_of, pen_of


def preview(
    settings: DeskSettings,
    store: Store,
    drafts: Sequence[DeskDraft],
    *,
    broker: Broker | None = None,
    clock: Callable[[], datetime],
) -> Preview | None:
    """A receipt for each as it would be, in order; None where nobody here can tell.

    Nothing is recorded or sent. Raises AgencyError: WrongMessage of what can't be sent as it stands.
    """
    pen = pen_of(settings, clock)
    messages = [pen.write(draft_of(store, draft)) for draft in drafts]
    answered = {line.id: line.message for draft in drafts if (line := answered_by(store, draft))}
    return preview_messages(
        broker or settings.broker,
        messages,
        earlier=list(answered.values()),
        register=settings.register,
        check=trial.check,
    )
