"""Who it is: the authority's own login by OpenID Connect, or a local account for trying."""

import logging
import secrets
import time
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any, cast
from urllib.parse import urlsplit

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth, StarletteOAuth2App
from httpx2 import HTTPError
from joserfc.errors import JoseError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from broker.texts import LANGUAGES
from broker.web import security
from broker.web.access import (
    ANYONE,
    DOOR,
    LOGIN,
    Page,
    client_of,
    form_of,
    get,
    own_path,
    post,
    see_other,
    site_of,
    user_of,
)
from broker.web.claims import TooLow, asked_level, lacks_claims, person_of, subject_of, together
from broker.web.faults import SiteError
from broker.web.federation import Anchor, NotTrusted
from broker.web.render import SCHEMES, page
from broker.web.user import User

_LOG = logging.getLogger("samband.web")
_ANSWER = f"{LOGIN}/svar"
_HASHER = PasswordHasher()
SHORTEST = 12
"""Characters of a password, at least."""


def hash_password(password: str) -> str:
    """What is kept of a password."""
    return _HASHER.hash(password)


@cache
def _nobody() -> str:
    """The digest that a password is tried against where there is no such account, so that it takes as long."""
    return hash_password(secrets.token_urlsafe())


def _show(request: Request) -> Response:
    """The login page, with a cookie that its form is bound to."""
    if request.state.user:
        return see_other(own_path(request, request.query_params.get("till", "")))
    return _page(request)


def _page(request: Request, *, fault: str | None = None, status: int = 200) -> Response:
    settings = site_of(request).settings
    value = request.state.cookie or security.new_value()
    is_new, request.state.cookie = request.state.cookie is None, value
    issuer = settings.oidc.get("issuer", "")
    response = page(
        request,
        "login.html",
        status=status,
        fault=fault,
        till=own_path(request, _till(request)),
        accounts=settings.accounts,
        oidc=bool(issuer),
    )
    if issuer:
        response.headers["Content-Security-Policy"] = security.policy(
            "{0.scheme}://{0.netloc}".format(urlsplit(issuer))
        )
    if is_new:
        _cookie(request).put(response, value)
    return response


def _till(request: Request) -> str:
    return form_of(request).one("till") if request.method == "POST" else request.query_params.get("till", "")


def _cookie(request: Request) -> security.Cookie:
    return cast("security.Cookie", request.app.state.session_cookie)


def _limit(request: Request, *who: str) -> None:
    """Raises 429 when somebody tries too often."""
    limits: security.Limits = request.app.state.logins
    if not limits.allows(client_of(request), *who):
        raise HTTPException(429, headers={"Retry-After": "3600"})


def _try_account(request: Request) -> Response:
    """A name and a password. What was wrong is not said."""
    site, form = site_of(request), form_of(request)
    if not site.settings.accounts:
        raise HTTPException(404)
    name = form.one("konto").casefold()
    _limit(request, f"account {name}")
    known = site.people.account(name)
    password = form.fields.get("losenord", [""])[-1]
    if not _is_password(known[1] if known else _nobody(), password) or known is None:
        return _page(request, fault="login.wrong", status=422)
    return _let_in(request, known[0], own_path(request, form.one("till")))


def _is_password(digest: str, password: str) -> bool:
    try:
        return _HASHER.verify(digest, password)
    except (VerificationError, InvalidHashError):
        return False


def _let_in(request: Request, user: User, path: str) -> Response:
    """A session under a new value: what the browser had before is worth nothing."""
    people, value = site_of(request).people, security.new_value()
    if request.state.cookie:
        people.end(security.digest(request.state.cookie))
    people.begin(security.digest(value), user)
    response = see_other(path)
    _cookie(request).put(response, value)
    return response


def _log_out(request: Request) -> Response:
    site_of(request).people.end(security.digest(request.state.cookie))
    response = see_other(LOGIN)
    _cookie(request).remove(response)
    return response


def _choose_language(request: Request) -> Response:
    form = form_of(request)
    if form.one("lang") in LANGUAGES:
        site_of(request).people.choose(user_of(request), lang=form.one("lang"))
    return see_other(own_path(request, form.one("till")))


def _choose_scheme(request: Request) -> Response:
    form = form_of(request)
    if form.one("utseende") in SCHEMES:
        site_of(request).people.choose(user_of(request), scheme=form.one("utseende"))
    return see_other(own_path(request, form.one("till")))


class Provider:
    """The authority's identity provider: code flow, with PKCE, state and nonce."""

    def __init__(self, oidc: Mapping[str, Any], secret: str | None, address: str) -> None:
        """Raises SiteError where the federation that it is of can't be used."""
        self._oidc, self._answer = oidc, f"{address}{_ANSWER}"
        self._level = asked_level(oidc)
        self._anchor, self._until = Anchor(oidc["federation"]) if "federation" in oidc else None, 0.0
        oauth, own = OAuth(), f"{str(oidc['issuer']).rstrip('/')}/.well-known/openid-configuration"
        oauth.register(
            "provider",
            server_metadata_url=None if self._anchor else own,
            client_id=oidc["client_id"],
            client_secret=secret,
            client_kwargs={
                "scope": oidc.get("scope", "openid profile"),
                "code_challenge_method": "S256",
                "timeout": 10,
            },
        )
        self._app = cast("StarletteOAuth2App", oauth.create_client("provider"))
        if self._anchor:
            self._app.load_server_metadata = self._resolve

    async def _resolve(self) -> Mapping[str, Any]:
        """The provider by its federation's word, not by its own. Raises NotTrusted, a ValueError."""
        if self._anchor and self._until <= time.time():
            try:
                self._app.server_metadata, self._until = await self._anchor.resolve(str(self._oidc["issuer"]))
            except NotTrusted as fault:
                _LOG.warning("nobody can log in: %s", fault)
                raise
        return cast("Mapping[str, Any]", self._app.server_metadata)

    async def begin(self, request: Request) -> Response:
        """Send the browser there; what its answer is held against is kept here, under the cookie it has."""
        _limit(request)
        kept: dict[str, Any] = {}
        people = site_of(request).people
        request.scope["session"] = kept
        try:
            response = cast(
                "RedirectResponse", await self._app.authorize_redirect(request, self._answer, **self._level)
            )
        except (OAuthError, HTTPError, JoseError, ValueError, KeyError):
            return await run_in_threadpool(lambda: _page(request, fault="login.no_provider", status=502))
        pending = {"oidc": kept, "till": own_path(request, form_of(request).one("till"))}
        await run_in_threadpool(people.begin, security.digest(request.state.cookie), None, pending)
        response.status_code = 303
        return response

    async def end(self, request: Request) -> Response:
        """Its answer: who it is, where the claims fit a row of the mapping. Who fits none gets in nowhere."""
        site, cookie = site_of(request), request.state.cookie
        kept = await run_in_threadpool(site.people.pending, security.digest(cookie)) if cookie else None
        if kept is None:
            return await run_in_threadpool(lambda: _page(request, fault="login.again", status=422))
        request.scope["session"] = kept["oidc"]
        try:
            answer = await self._app.authorize_access_token(request)
            claims = answer["userinfo"]
            if lacks_claims(claims, self._oidc) and "userinfo_endpoint" in self._app.server_metadata:
                claims = together(claims, await self._app.userinfo(token=answer))
            person = person_of(claims, self._oidc)
            subject = sha256(subject_of(claims, person).encode()).hexdigest()
        except (OAuthError, HTTPError, JoseError, ValueError, KeyError, TypeError):
            return await run_in_threadpool(lambda: _page(request, fault="login.again", status=422))
        except TooLow:
            return await run_in_threadpool(lambda: _page(request, fault="login.level", status=403))
        except SiteError:
            return await run_in_threadpool(lambda: _page(request, fault="login.nowhere", status=403))

        def let_in() -> Response:
            try:
                user = site.people.enter(subject, person, request.state.lang)
            except SiteError:
                return _page(request, fault="login.nowhere", status=403)
            return _let_in(request, user, kept["till"])

        return await run_in_threadpool(let_in)


def routes(provider: Provider | None) -> list[BaseRoute]:
    """The pages of logging in and out."""
    own: list[BaseRoute] = [
        get(LOGIN, _show, may=DOOR),
        post(LOGIN, _try_account, may=DOOR),
        post("/logga-ut", _log_out, may=ANYONE),
        post("/sprak", _choose_language, may=ANYONE),
        post("/utseende", _choose_scheme, may=ANYONE),
    ]
    if provider:
        own += [
            Page(f"{LOGIN}/legitimera", provider.begin, may=DOOR, method="POST"),
            Page(_ANSWER, provider.end, may=DOOR),
        ]
    return own
