"""A small OpenID Connect provider that really signs, on a port of this machine; it may also lie in every way known."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey


class LittleProvider:
    """Whoever is asked for is signed in at once; `lies` changes the claims of the next token."""

    def __init__(self) -> None:
        self.keys = [RSAKey.generate_key(2048, auto_kid=True)]
        self.groups = ["shop-staff"]
        self.name, self.subject = "fay", "account-7"
        self.lies: dict[str, Any] = {}
        self.signs_with: Any = None
        self.header: dict[str, Any] = {}
        self.asked: dict[str, dict[str, str]] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def sign_in(self, address: str) -> tuple[str, str]:
        """(code, state) with which the browser is sent back."""
        words = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.asked)}"
        self.asked[code] = words
        return code, words["state"]

    def change_key(self) -> None:
        """From now on another key signs; the old one is no longer published."""
        self.keys = [RSAKey.generate_key(2048, auto_kid=True)]

    def token(self, words: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": words["client_id"], "sub": self.subject, "iat": now, "exp": now + 300,
            "nonce": words["nonce"], "preferred_username": self.name, "name": "Fay Chen", "groups": self.groups,
        } | self.lies  # fmt: skip
        key = self.signs_with or self.keys[0]
        header = {"alg": "RS256", "kid": self.keys[0].kid} | self.header
        claims = {name: value for name, value in claims.items() if value is not None}
        if header["alg"] == "none":
            parts = (json.dumps(part).encode() for part in (header, claims))
            return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."
        return jwt.encode(header, claims, key, algorithms=["RS256", "HS256"])

    def told(self, path: str) -> dict[str, Any]:
        if path == "/jwks":
            return dict(KeySet(self.keys).as_dict(private=False))
        return {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/out",
        }  # fmt: skip

    def exchanged(self, said: dict[str, str]) -> dict[str, Any] | None:
        """A code counts once, for who began it (RFC 7636, section 4.6)."""
        words = self.asked.pop(said.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(said.get("code_verifier", "").encode()).digest())
        if words is None or proof.rstrip(b"=").decode() != words["code_challenge"]:
            return None
        return {"id_token": self.token(words), "token_type": "Bearer"} if said["client_secret"] == "s3" else None

    def shared_secret(self) -> OctKey:
        """A key made of what the client knows: for the oldest lie there is."""
        return OctKey.import_key("s3" * 32)


def _handler(provider: LittleProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(provider.told(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(provider.exchanged({name: values[0] for name, values in parse_qs(body).items()}))

        def _answer(self, told: dict[str, Any] | None) -> None:
            self.send_response(200 if told is not None else 400)
            self.end_headers()
            self.wfile.write(json.dumps(told or {"error": "invalid_grant"}).encode())

        def log_message(self, *said: Any) -> None:
            """Nothing is written."""

    return Handler


@contextmanager
def little_provider() -> Iterator[LittleProvider]:
    """The provider stands while the test runs."""
    made = LittleProvider()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()
        thread.join()
