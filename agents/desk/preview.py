"""What would become of drafts, before they are sent."""

from collections.abc import Sequence

from agents.agency.preview import Preview
from agents.desk.settings import DeskSettings
from agents.desk.store import DeskDraft, Store


def preview(settings: DeskSettings, store: Store, drafts: Sequence[DeskDraft]) -> Preview | None:
    """A receipt for each as it would be, in order; None where nobody here can tell. Raises AgencyError."""
    raise NotImplementedError
