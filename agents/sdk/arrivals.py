"""What comes from the authority by SDK: a draft at its desk, or where it is structured a message of its own."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from agents.agency import Address, Delivery, Json
from agents.agency.drafts import address
from agents.agency.ids import message_id
from agents.desk.faults import Changed
from agents.desk.forms.fields import fields_of
from agents.desk.settings import DeskSettings
from agents.desk.store import DeskDraft, Row, Store
from agents.sdk import structured
from agents.sdk.message import File, SdkMessage, to_xml
from agents.sdk.settings import SdkSettings
from agents.sdk.state import Arrived, CameState, State
from broker.web.faults import Missing
from broker.web.user import User

_REPLIES: Mapping[str, str] = {"ConcernNotification": "ConcernFeedback", "Clarification": "Clarification"}
"""What a text that answers a kind is a draft of; of a request, the page of a category; of the others, something new."""
_TEXT: Mapping[str, str] = {"InformationRequest": "need"}
_PDF = "application/pdf"
_BEGINNING = 1024
"""Bytes within which a PDF says that it is one."""
_SMALL = 700_000
"""Bytes of attachments that a message of Samband has room for."""
_SAID = "said"
_FREE = ("draft", "ready", "awaits_approval", "approved")


@dataclass(frozen=True)
class Arrivals:
    """In: both settings, the desk's store, what has been handed over, the clock."""

    settings: SdkSettings
    desk: DeskSettings
    store: Store
    state: State
    clock: Callable[[], datetime]

    def take(self, message: SdkMessage) -> Arrived:
        """It is a draft, or on its way, and kept, when this returns; again changes nothing."""
        known = self.state.arrived(message.id)
        if known is not None:
            return known
        row = self._answered(message)
        draft, state, codes = self._become(message, row)
        sealed = self.store.sealed.seal(draft.case, to_xml(message), label(message.id))
        arrived = Arrived(
            sdk=message.id,
            conversation=message.conversation,
            message=draft.message_id,
            state=state,
            codes=codes,
            time=self.clock(),
            case=draft.case,
            content=sealed,
        )
        self.state.keep(arrived)
        return arrived

    def refuse(self, id: str, conversation: str, codes: tuple[str, ...]) -> None:
        """It can't be read: it stays where it is, and is told of."""
        self.state.keep(Arrived(id, conversation, "", "refused", codes, self.clock(), 0, None))

    # --- what it answers

    def _answered(self, message: SdkMessage) -> Row | None:
        handed = self.state.answered(message.answers, message.conversation)
        try:
            return self.store.inbox.row(handed.message) if handed else None
        except Missing:
            return None

    def _become(self, message: SdkMessage, row: Row | None) -> tuple[DeskDraft, CameState, tuple[str, ...]]:
        """The message that is attached, where it is one of the authority's own; else free text, with what is wrong."""
        files = [file for file in message.files if structured.is_structured(file.content_type, file.content)]
        if not files:
            return self._free(message, row), "draft", ()
        try:
            said = structured.decode(files[0].content)
        except structured.NotStructured:
            return self._free(message, row), "draft", ("NOT_STRUCTURED",)
        if said.get("sender", {}).get("authority") != self.desk.authority.partition("/")[0]:
            return self._free(message, row), "draft", ("ANOTHER_SENDER",)
        answers = self._row_of(said, row)
        draft = self._typed(said, answers, message)
        if self.settings.typed == "send":
            draft = self._send(draft, said)
        return draft, "typed", ()

    # --- structured

    def _row_of(self, said: Json, row: Row | None) -> str | None:
        """The line that it answers at the desk, by the message that it names itself."""
        named = said.get("in_reply_to") or (said.get("body") or {}).get("message")
        if not named:
            return None
        try:
            return self.store.inbox.row(str(named)).message
        except Missing:
            return row.message if row and row.about == named else None

    def _typed(self, said: Json, answers: str | None, message: SdkMessage) -> DeskDraft:
        sender, recipient = dict(said.get("sender") or {}), dict(said.get("recipient") or {})
        to = Address(str(recipient.get("authority") or ""), recipient.get("unit") or "registry", recipient.get("area"))
        how = {name: str(sender[name]) for name in ("unit", "role", "officer") if sender.get(name)}
        how |= {"case": str(said["case"])} if said.get("case") else {}
        user = self._user(sender)
        values: dict[str, Any] = {"user": user, "answers": answers, "to": to, "body": said["body"], "how": how}
        id = str(said.get("id") or _id(message))
        try:
            return self.store.drafts.new(str(said["kind"]), message_id=id, **values)
        except Changed:
            return self.store.drafts.by_message(id)

    def _send(self, draft: DeskDraft, said: Json) -> DeskDraft:
        drafts, user = self.store.drafts, self._user(dict(said.get("sender") or {}))
        if draft.state not in _FREE:
            return draft
        if drafts.needs_approval(draft.kind):
            return draft if draft.state == "approved" else drafts.submit(draft.number, user)
        return drafts.send(draft.number, user)

    def _user(self, sender: Json) -> User:
        """Whoever has sent it at the authority, who is nobody at the desk."""
        unit, role = str(sender.get("unit") or self.desk.unit), str(sender.get("role") or "system")
        return User(0, "", unit, role, str(sender.get("officer") or ""), self.desk.lang, frozenset())

    # --- free text

    def _free(self, message: SdkMessage, row: Row | None) -> DeskDraft:
        """A draft for an officer: what was written is never taken for an answer, nor weighed by anybody yet."""
        id, user = _id(message), self._user({})
        text = "\n\n".join(message.texts).strip() or message.label
        files = [replace(file, content_type=_PDF) for file in message.files if _is_pdf(file)]
        values = self._values(text, _fitting(files), row, message)
        try:
            return self.store.drafts.new(user=user, message_id=id, **values)
        except Changed:
            return self.store.drafts.by_message(id)

    def _values(self, text: str, files: list[File], row: Row | None, message: SdkMessage) -> dict[str, Any]:
        line = self.store.inbox.content(row.message) if row and row.sort == "delivery" else None
        if row is not None and isinstance(line, Delivery):
            part = self._part(row) if line.kind == "InformationRequest" else None
            if part:
                how = {_SAID: json.dumps(_pieces(text, files), ensure_ascii=False)}
                return {
                    "kind": "Disclosure",
                    "answers": row.message,
                    "part": part,
                    "to": address(line),
                    "how": how,
                }
            kind = "Disclosure" if line.kind == "InformationRequest" else _REPLIES.get(line.kind, "SupportEnquiry")
            reply = {"answers": row.message, "to": address(line)}
            return {"kind": kind, "body": _body(kind, text, files), **reply}
        known = self.settings.sender(message.sender.function)
        kind = known.kind if known else "SupportEnquiry"
        return {"kind": kind, "body": _body(kind, text, files)}

    def _part(self, row: Row) -> str | None:
        """The category whose page it stands on: the first that nobody has answered or begun."""
        begun = {draft.part for draft in self.store.drafts.of(row.message)}
        return next((category for category in row.left if category not in begun), None)


def label(id: str) -> str:
    """What a message's own content is sealed as."""
    return f"sdk/{id}"


def _id(message: SdkMessage) -> str:
    """The id of the message of Samband that it becomes: the same each time."""
    digest = sha256(message.id.lower().encode()).digest()
    return message_id(message.created, lambda size: digest[:size])


def _is_pdf(file: File) -> bool:
    """By what it is: what its sender calls it may be anything."""
    return b"%PDF-" in file.content[:_BEGINNING]


def _fitting(files: list[File]) -> list[File]:
    """Those that a message of Samband has room for; the whole lies sealed beside the draft."""
    kept, size = [], 0
    for file in files:
        size += len(file.content)
        if size <= _SMALL:
            kept.append(file)
    return kept


def _pieces(text: str, files: list[File]) -> dict[str, list[str]]:
    """The page of a category with the text in its first piece, each file in one of its own, nothing else said."""
    pieces = {"i.0.content": [text]}
    for n, file in enumerate(files, 1):
        pieces[f"i.{n}.content"] = [base64.b64encode(file.content).decode()]
        pieces[f"i.{n}.content_type"] = [file.content_type]
    return pieces


def _body(kind: str, text: str, files: list[File]) -> Json:
    """A draft's body with the text where its kind has one."""
    names = {field.name for field in fields_of(kind)}
    name = _TEXT.get(kind, "text")
    if name in names:
        return {name: text}
    if "items" not in names:
        return {}
    content = [{"content": base64.b64encode(file.content).decode(), "content_type": _PDF} for file in files]
    return {"items": [{"content": text}, *content]}
