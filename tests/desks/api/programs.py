"""Programs with tokens of their own, asking over HTTP as they would in life."""

import json
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from regulars.records.staff.actions import issue_purpose_token, issue_token


@dataclass(frozen=True)
class Answer:
    """What came back: status, the JSON (or text), headers."""

    status: int
    told: Any
    headers: dict[str, str]

    def code(self) -> str:
        """The mistake's code."""
        return str(self.told["code"])


class Program:
    """A program with one token."""

    def __init__(self, secret: str, language: str = "en") -> None:
        self.secret = secret
        self.language = language
        self.client = Client()

    def get(self, path: str, **query: Any) -> Answer:
        return self._asked("GET", path, query=query)

    def delete(self, path: str, **query: Any) -> Answer:
        return self._asked("DELETE", path, query=query)

    def post(self, path: str, body: object = None, *, key: str = "") -> Answer:
        return self._asked("POST", path, body=body, key=key)

    def put(self, path: str, body: object) -> Answer:
        return self._asked("PUT", path, body=body)

    def bring(
        self, content: bytes, name: str = "orders.csv", *, to: str = "/imports", key: str = "", **said: str
    ) -> Answer:  # fmt: skip
        """A file, as a form sends it."""
        headers = self._headers() | ({"Idempotency-Key": key} if key else {})
        answer = self.client.post(f"/api{to}", {"file": SimpleUploadedFile(name, content), **said}, headers=headers)
        return _read(answer)

    def _asked(self, method: str, path: str, *, query: Any = None, body: object = None, key: str = "") -> Answer:
        more: dict[str, Any] = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        headers = self._headers() | ({"Idempotency-Key": key} if key else {})
        answer = self.client.generic(method, f"/api{path}", headers=headers, query_params=query or None, **more)
        return _read(answer)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}", "Accept-Language": self.language}


def program(role: str, language: str = "en") -> Program:
    """A program that asks in a role."""
    return Program(issue_token(f"{role}'s program", role=role, issued_by="Emil", at=timezone.now()), language)


def program_for(view: str) -> Program:
    """A program without a role, which works for the purpose of one view."""
    return Program(issue_purpose_token(f"for {view}", view=view, issued_by="Emil", at=timezone.now()))


def _read(answer: Any) -> Answer:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    is_json = answer.headers.get("Content-Type", "").startswith("application/json")
    return Answer(answer.status_code, json.loads(body) if is_json and body else body.decode(), dict(answer.headers))
