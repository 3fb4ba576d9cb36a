"""The talk with an OpenID Connect provider: the authorization code flow with PKCE, state and nonce.

OpenID Connect Core 1.0, section 3.1; Proof Key for Code Exchange, RFC 7636; the keys and signatures are joserfc's work.
An answer is believed only if its token is signed by a key the provider publishes now, was made for us, by it, for this
very question (nonce), and not too long ago. A key that is not known is asked for once more, at most once a minute: that
is how providers change keys. Clocks may differ by two minutes.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from cryptography.exceptions import UnsupportedAlgorithm
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from regulars.connections.company_door.configured import CompanyDoor, is_safe
from regulars.connections.web import WebAway, WebRefused, ask_web

SECONDS: Final = 5
MOST_BYTES: Final = 1 << 20
CLOCKS_DIFFER: Final = 120
ASK_AGAIN_AFTER: Final = 60.0
#: Signatures by a pair of keys only: with a shared secret, or none, whoever knows our secret could sign for anybody.
SIGNED_BY: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")


class ProviderAway(Exception):
    """The provider does not answer, or not as a provider does."""


class NotBelieved(Exception):
    """What came back does not prove who it is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the provider: where the browser goes, and what has to come back, kept in the session."""

    address: str
    state: str
    nonce: str
    verifier: str


class Provider:
    """The company's provider; its addresses and keys are asked for once and kept."""

    def __init__(self, door: CompanyDoor) -> None:
        self.door = door
        self._told: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._keys_at = 0.0
        self._turn = threading.Lock()

    def ask(self, back_to: str) -> Asked:
        """Where the browser is sent to sign in; it comes back to `back_to`."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        words = {
            "response_type": "code", "scope": "openid profile email groups", "client_id": self.door.client_id,
            "redirect_uri": back_to, "state": state, "nonce": nonce, "code_challenge": challenge,
            "code_challenge_method": "S256",
        }  # fmt: skip
        return Asked(f"{self._address('authorization_endpoint')}?{urlencode(words)}", state, nonce, verifier)

    def who_is(self, code: str, asked: Asked, *, back_to: str) -> dict[str, Any]:
        """The claims of whoever signed in there. NotBelieved, ProviderAway."""
        words = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": back_to, "code_verifier": asked.verifier,
            "client_id": self.door.client_id, "client_secret": self.door.client_secret,
        }  # fmt: skip
        answer = _read(self._address("token_endpoint"), urlencode(words).encode())
        if not isinstance(answer.get("id_token"), str):
            raise NotBelieved("no id_token")
        return self._claims(answer["id_token"], asked.nonce)

    @property
    def way_out(self) -> str:
        """Where the browser signs out there as well; "" where the provider has no such page."""
        address = str(self._known().get("end_session_endpoint") or "")
        return f"{address}?{urlencode({'client_id': self.door.client_id})}" if is_safe(address) else ""

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        issuer, ours = str(self._known()["issuer"]), self.door.client_id
        must: Any = {"iss": {"essential": True, "value": issuer}, "sub": {"essential": True},
                "aud": {"essential": True, "value": ours}, "exp": {"essential": True}, "iat": {"essential": True},
                "nonce": {"essential": True, "value": nonce}}  # fmt: skip
        try:
            claims = self._signed(token).claims
            jwt.JWTClaimsRegistry(leeway=CLOCKS_DIFFER, **must).validate(claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise NotBelieved(type(error).__name__) from error
        if claims.get("azp", ours) != ours or (isinstance(claims["aud"], list) and claims["aud"] != [ours]):
            raise NotBelieved("made for somebody else")
        return dict(claims)

    def _signed(self, token: str) -> jwt.Token:
        try:
            return jwt.decode(token, self._key_set(), algorithms=SIGNED_BY)
        except (JoseError, ValueError):
            if not self._may_ask_again():
                raise
            return jwt.decode(token, self._key_set(anew=True), algorithms=SIGNED_BY)

    def _may_ask_again(self) -> bool:
        return time.monotonic() - self._keys_at > ASK_AGAIN_AFTER

    def _key_set(self, *, anew: bool = False) -> KeySet:
        with self._turn:
            if self._keys is None or anew:
                told: Any = _read(self._address("jwks_uri"))
                self._keys = _key_set_of(told)
                self._keys_at = time.monotonic()
            return self._keys

    def _address(self, name: str) -> str:
        address = str(self._known().get(name) or "")
        if not is_safe(address):
            raise ProviderAway(f"no {name}")
        return address

    def _known(self) -> dict[str, Any]:
        """What the provider says of itself; it has to be the configured issuer (Discovery 1.0, section 4.3)."""
        if not self._told:
            told = _read(self.door.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if str(told.get("issuer", "")).rstrip("/") != self.door.issuer.rstrip("/"):
                raise ProviderAway("another issuer")
            self._told = told
        return self._told


def _key_set_of(told: Any) -> KeySet:
    """The keys it publishes; ProviderAway for what is no set of keys."""
    try:
        return KeySet.import_key_set(told)
    except (JoseError, ValueError, TypeError, LookupError, AttributeError, UnsupportedAlgorithm) as error:
        raise ProviderAway(type(error).__name__) from error


def _read(address: str, form: bytes | None = None) -> dict[str, Any]:
    """The JSON object at an address that `is_safe`; a code that the provider refuses is NotBelieved."""
    try:
        told = json.loads(ask_web(address, body=form, seconds=SECONDS, most=MOST_BYTES))
    except WebRefused as error:
        raise (NotBelieved if form and error.status < 500 else ProviderAway)(f"HTTP {error.status}") from error
    except (WebAway, ValueError, RecursionError) as error:
        raise ProviderAway(type(error).__name__) from error
    if not isinstance(told, dict):
        raise ProviderAway("no JSON object")
    return told
