"""What the anchor of a federation says of an identity provider.

[oidc.federation]
anchor = "https://anchor.example.se"     # whose word counts
keys = "anchor.jwks"                     # its public keys (JWK Set), a file that came by another way than its address
trust_marks = ["https://anchor.example.se/mark/loa3"]    # what it must vouch for; left out: that the provider is there

The anchor resolves the chain, its policies and trust marks, and signs what comes of it (OpenID Federation 1.0, 8.3: the
resolve endpoint): here that word is held against the keys in the file. Nothing that a provider says of itself is taken.
"""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from broker.web.faults import SiteError
from broker.web.settings import is_private

LONGEST = 86_400.0
"""Seconds that a word is gone by, at most, however long the anchor lets it hold."""
_ALGORITHMS = ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512", "EdDSA", "Ed25519"]
_MOST_BYTES = 1_000_000
_SKEW = 60.0
_CONFIGURATION, _RESOLVED = "entity-statement+jwt", "resolve-response+jwt"
_WELL_KNOWN = "/.well-known/openid-federation"
_SORTS: Mapping[str, type] = {"anchor": str, "keys": Path, "trust_marks": list}


class NotTrusted(ValueError):
    """The anchor does not vouch for the provider, or can't be asked; the line repeats nothing that was said."""


class Anchor:
    """A federation's anchor, by its address and keys."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        """In: `[oidc.federation]`. Raises SiteError where it can't be used."""
        if wrong := [name for name in said if not isinstance(said[name], _SORTS.get(name, type(None)))]:
            raise SiteError(f"oidc: federation: {', '.join(wrong)}: not known, or not of the right sort")
        if lacks := [name for name in ("anchor", "keys") if not said.get(name)]:
            raise SiteError(f"oidc: federation: {', '.join(lacks)}: missing")
        self._address, self._marks = str(said["anchor"]).rstrip("/"), frozenset(map(str, said.get("trust_marks", ())))
        if not is_private(self._address):
            raise SiteError("oidc: federation: anchor: must begin with https://")
        try:
            self._keys = KeySet.import_key_set(json.loads(said["keys"].read_bytes()))
        except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
            raise SiteError(f"oidc: federation: keys: can't be read as a JWK Set: {type(error).__name__}") from None

    async def resolve(self, issuer: str) -> tuple[dict[str, Any], float]:
        """The provider's metadata as the federation has it, and until when (seconds since 1970). Raises NotTrusted."""
        try:
            async with httpx2.AsyncClient(timeout=10) as client:
                own = self._read(await _fetch(client, self._address + _WELL_KNOWN, {}), _CONFIGURATION, self._address)
                asked = {"sub": issuer, "trust_anchor": self._address, "entity_type": "openid_provider"}
                endpoint = str(own["metadata"]["federation_entity"]["federation_resolve_endpoint"])
                said = self._read(await _fetch(client, endpoint, asked), _RESOLVED, issuer)
            metadata = dict(said["metadata"]["openid_provider"])
            marks = {mark.get("trust_mark_type") or mark.get("id") for mark in said.get("trust_marks", ())}
            until = min(float(said["exp"]), time.time() + LONGEST)
        except (httpx2.HTTPError, JoseError, KeyError, TypeError, AttributeError, ValueError) as error:
            raise NotTrusted(f"the federation's anchor gives no word to go by: {type(error).__name__}") from None
        if metadata.get("issuer") != issuer or not self._marks <= marks:
            raise NotTrusted("the federation's anchor does not vouch for the provider as it is asked for here")
        return metadata, until

    def _read(self, token: str, sort: str, about: str) -> dict[str, Any]:
        """What the anchor has signed. Raises ValueError where that is of another sort, or of something else, or old."""
        signed = jwt.decode(token, self._keys, algorithms=_ALGORITHMS)
        claims, now = signed.claims, time.time()
        is_own = (signed.header.get("typ"), claims["iss"].rstrip("/"), claims["sub"].rstrip("/"))
        if is_own != (sort, self._address, about.rstrip("/")):
            raise ValueError("of another sort, or of something else")
        if not float(claims["iat"]) - _SKEW <= now < float(claims["exp"]):
            raise ValueError("not of now")
        return dict(claims)


async def _fetch(client: httpx2.AsyncClient, address: str, query: Mapping[str, str]) -> str:
    """What an address answers with, which sends nobody on to another."""
    if not is_private(address):
        raise ValueError("anybody could answer there")
    async with client.stream("GET", address, params=dict(query)) as response:
        response.raise_for_status()
        data = b""
        async for part in response.aiter_bytes():
            data += part
            if len(data) > _MOST_BYTES:
                raise ValueError("too long")
    return data.decode("ascii").strip()
