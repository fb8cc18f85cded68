"""What keeps a page from being turned against the one who reads it: headers, tokens of forms, limits."""

import hmac
import secrets
import time
from collections import Counter
from collections.abc import Callable
from hashlib import blake2b, sha256
from threading import Timer

from itsdangerous import BadSignature, TimestampSigner
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATIC = "/static/"
_HOUR = 3600
_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex, nofollow",
}


def policy(*targets: str, scripts: bool = True) -> str:
    """The content security policy; `targets` are other origins that a form may lead to."""
    forms = " ".join(["'self'", *targets])
    own = "script-src 'self'; connect-src 'self'; " if scripts else ""
    return (
        f"default-src 'none'; {own}style-src 'self'; img-src 'self' data:; "
        f"form-action {forms}; frame-ancestors 'none'; base-uri 'none'"
    )


_POLICY = policy()


class Headers:
    """Puts the headers on every answer; one that has set its own keeps it."""

    def __init__(self, app: ASGIApp, *, https: bool, policy: str | None = None) -> None:
        self._app, self._policy = app, policy or _POLICY
        self._headers = _HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        static = scope["path"].startswith(STATIC)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", self._policy)
                headers.setdefault("Cache-Control", "public, max-age=86400" if static else "no-store")
                if not static:
                    headers.add_vary_header("HX-Request")
            await send(message)

        await self._app(scope, receive, send_with_headers)


class Bounded:
    """Refuses a body that is longer than anything a page sends."""

    def __init__(self, app: ASGIApp, *, most: int) -> None:
        self._app, self._most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        size = 0

        async def receive_bounded() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._most:
                raise HTTPException(413)
            return message

        await self._app(scope, receive_bounded, send)


class Cookie:
    """The session's cookie. Its value is known to the browser alone; the database has its digest."""

    def __init__(self, address: str) -> None:
        self.https = address.startswith("https://")
        port = address.rpartition(":")[2]
        self.name = "__Host-samband" if self.https else f"samband-{port}"  # cookies of one host are shared by its ports

    def read(self, request: Request) -> str | None:
        """The value that the browser sent."""
        return request.cookies.get(self.name) or None

    def put(self, response: Response, value: str) -> None:
        """Give the browser a new one."""
        response.set_cookie(self.name, value, path="/", secure=self.https, httponly=True, samesite="lax")

    def remove(self, response: Response) -> None:
        """Take it away."""
        response.delete_cookie(self.name, path="/", secure=self.https, httponly=True, samesite="lax")


def new_value() -> str:
    """A value that nobody can guess."""
    return secrets.token_urlsafe(32)


def digest(value: str) -> str:
    """What the database knows of a value."""
    return sha256(value.encode()).hexdigest()


def token(value: str) -> str:
    """The token that a form of a session has."""
    return hmac.new(value.encode(), b"form", sha256).hexdigest()


def fits(value: str | None, given: str) -> bool:
    """Whether a form is one of this session's."""
    return value is not None and hmac.compare_digest(token(value).encode(), given.encode())


class Stamps:
    """The tokens of forms that have no session: a random value with a signed time, which say nothing of who reads.

    In: the key, where stamps must hold after a restart.
    """

    def __init__(self, key: bytes | None = None, longest: int = 12 * _HOUR) -> None:
        self._signer = TimestampSigner(key or secrets.token_bytes(32), digest_method=sha256)
        self._longest = longest

    def new(self) -> str:
        """A stamp of now, unlike any other."""
        return self._signer.sign(secrets.token_urlsafe(12)).decode()

    def fits(self, given: str) -> bool:
        """Whether it is one of ours that is not too old."""
        try:
            self._signer.unsign(given, max_age=self._longest)
        except BadSignature:
            return False
        return True


def comes_from_here(request: Request, address: str) -> bool:
    """Whether a form was sent from a page of this place; of a browser that says nothing the token says it."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    return site in (None, "same-origin") and origin in (None, "null", address)  # null: pages name no referrer


class Limits:
    """How often one address may try, in memory alone: digests under a salt that lives an hour.

    In: most tries of a sort within the hour; `clock` in seconds.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._renew()

    def _renew(self) -> None:
        self._salt, self._until = secrets.token_bytes(16), self._clock() + _HOUR
        self._tries: Counter[bytes] = Counter()

    def allows(self, *who: str) -> bool:
        """Count a try of each; whether all are within the limit."""
        if self._clock() >= self._until:
            self._renew()
        if not self._tries:  # also where nobody comes any more they are gone within the hour
            end = Timer(_HOUR, self._renew)
            end.daemon = True
            end.start()
        digests = [blake2b(one.encode(), key=self._salt, digest_size=16).digest() for one in who]
        self._tries.update(digests)
        return all(self._tries[one] <= self._most for one in digests)
