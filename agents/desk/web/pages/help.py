"""Help for each role at a desk."""

from broker.web import help
from broker.web.user import User

ROLES = ("socialsekreterare", "rektor", "polis", "kontaktpunkt", "forening", "allmanhet")
_BY_ROLE = {
    "caseworker": "socialsekreterare",
    "rektor": "rektor",
    "designated_staff": "rektor",
    "teacher": "rektor",
    "school_health": "rektor",
    "coordinator": "kontaktpunkt",
}
_BY_UNIT = {"police_area": "polis", "crime_unit": "polis", "contact_point": "kontaktpunkt", "leisure": "forening"}


def _role_of(user: User | None) -> str:
    return (_BY_ROLE.get(user.role) or _BY_UNIT.get(user.unit) or "kontaktpunkt") if user else "allmanhet"


ROUTES = help.routes(ROLES, _role_of)
