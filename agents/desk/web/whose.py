"""Who has a case: in words, and to whom it can be handed."""

from dataclasses import dataclass

from starlette.requests import Request

from agents.desk.store import Cover
from agents.desk.texts import Words
from agents.desk.web.site import cover_of, desk_of, words_of
from broker.web.access import form_of, read_number, user_of
from broker.web.faults import Missing


@dataclass(frozen=True)
class Whose:
    """Who has it."""

    text: str
    is_own: bool
    colleagues: list[tuple[int, str]]
    """To whom it can be handed: their number and name."""


def whose(request: Request, holder: int | None) -> Whose:
    """Of a case that somebody holds, or nobody."""
    t, cover, user = words_of(request), cover_of(request), user_of(request)
    others = [one for one in cover.people.values() if one.number not in (user.number, holder) and one.is_person]
    names = [(one.number, _name(t, cover, one.number)) for one in others]
    return Whose(say(request, holder) or t("message.whose.nobody"), holder == user.number, names)


def say(request: Request, holder: int | None) -> str:
    """Who has it, and who has it meanwhile; empty: nobody."""
    t, cover, own = words_of(request), cover_of(request), user_of(request).number
    if holder is None:
        return ""
    if holder == own:
        return t("queue.holder.you")
    user, keeper = desk_of(request).store.people.user(holder), cover.keeper(holder)
    name = user.name if user else t("away.no_name")
    if keeper is None:
        return t("queue.holder.away" if holder in cover.people else "queue.holder.gone", name=name)
    if keeper == holder:
        return t("queue.holder.other", name=name)
    return t("queue.holder.stands_in" if keeper == own else "queue.holder.deputy", **_both(cover, keeper, name))


def _both(cover: Cover, keeper: int, name: str) -> dict[str, str]:
    return {"name": name, "deputy": cover.people[keeper].name}


def _name(t: Words, cover: Cover, number: int) -> str:
    name = cover.people[number].name
    return t("message.whose.is_away", name=name) if number in cover.away else name


def chosen(request: Request) -> int | None:
    """To whom a form hands it; None: to nobody, where all see it. Raises Missing."""
    who = form_of(request).one("vem")
    if not who:
        return None
    number = read_number(who)
    if number not in cover_of(request).people:
        raise Missing("there is no such person")
    return number
