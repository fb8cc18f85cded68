"""Help for each role in the auditors' room."""

from broker.web import help
from broker.web.user import User

ROLES = ("granskare", "jurist", "drift")
_BY_ROLE = {"auditor": "granskare", "jurist": "jurist", "operator": "drift"}


def _role_of(user: User | None) -> str:
    return _BY_ROLE.get(user.role if user else "", "granskare")


ROUTES = help.routes(ROLES, _role_of)
