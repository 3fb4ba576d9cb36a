"""The stream door as it describes itself (OpenAPI 3.1)."""

from typing import Any, Final

from regulars.journeys.receive_events import MOST_EVENTS

_ID: Final[dict[str, Any]] = {"type": ["string", "integer", "null"], "maxLength": 256}
_OBJECT: Final[dict[str, Any]] = {"type": ["object", "null"]}
_COMMON: Final[dict[str, Any]] = {
    "userId": _ID, "anonymousId": _ID, "messageId": _ID,
    "timestamp": {"type": ["string", "null"], "format": "date-time"}, "context": _OBJECT, "integrations": _OBJECT,
}  # fmt: skip
_SAYING: Final[dict[str, dict[str, Any]]] = {
    "track": {"event": {"type": "string", "minLength": 1, "maxLength": 200}, "properties": _OBJECT},
    "page": {"name": {"type": ["string", "null"], "maxLength": 200}, "properties": _OBJECT},
    "screen": {"name": {"type": ["string", "null"], "maxLength": 200}, "properties": _OBJECT},
    "identify": {"traits": _OBJECT},
    "group": {"groupId": _ID, "traits": _OBJECT},
    "alias": {"previousId": _ID},
}
_NEEDED: Final = {"track": ["event"], "group": ["groupId"], "alias": ["previousId", "userId"]}
_BATCH: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["batch"],
    "properties": {
        "batch": {"type": "array", "maxItems": MOST_EVENTS, "items": {}},
        "sentAt": {"type": ["string", "null"]}, "context": _OBJECT, "writeKey": {"type": "string"},
    },
}  # fmt: skip
_MISTAKE: Final[dict[str, Any]] = {
    "type": "object", "required": ["success", "code", "message"],
    "properties": {"success": {"const": False}, "code": {"type": "string"}, "message": {"type": "string"}},
}  # fmt: skip
_COUNT: Final = {"type": "integer", "minimum": 0}
_RECEIPT: Final[dict[str, Any]] = {
    "type": "object", "required": ["success", "kept", "repeated", "told", "denied", "refused"],
    "properties": {
        "success": {"const": True}, "kept": _COUNT, "repeated": _COUNT, "told": _COUNT, "denied": _COUNT,
        "refused": {"type": "array", "items": {
            "type": "object", "required": ["position", "reason"],
            "properties": {"position": _COUNT, "reason": {"type": "string"}}}},
    },
}  # fmt: skip
_REFUSALS: Final = {
    400: "Cannot be read; the code says why", 401: "No write key, or one that does not work", 413: "Too large",
    415: "Packed otherwise than with gzip", 429: "Too fast; Retry-After says how long to wait",
    503: "The database is away, or too much at once; send again",
}  # fmt: skip


def _in_json(shape: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": shape}}


def _operation(call: str, shape: dict[str, Any], said: str) -> dict[str, Any]:
    refusals = {str(status): {"description": why, "content": _in_json(_MISTAKE)} for status, why in _REFUSALS.items()}
    return {
        "post": {
            "operationId": call, "summary": said, "security": [{"writeKey": []}],
            "requestBody": {"required": True, "content": _in_json(shape)},
            "responses": {"200": {"description": "On the disk", "content": _in_json(_RECEIPT)}} | refusals,
        }
    }  # fmt: skip


def _hook() -> dict[str, Any]:
    said = _operation("webhook", {}, "A signed message of a webhook that comes in")["post"]
    where = {"name": "address", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    signed = [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    ]
    unknown = {"404": {"description": "There is no such address", "content": _in_json(_MISTAKE)}}
    return {
        "post": said | {"security": [], "parameters": [where, *signed], "responses": said["responses"] | unknown}
    }  # fmt: skip


def _single(call: str) -> dict[str, Any]:
    return {"type": "object", "required": _NEEDED.get(call, []), "properties": _COMMON | _SAYING[call]}


DESCRIPTION: Final[dict[str, Any]] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Regulars streams", "version": "1",
        "description": "Events of web, app, till and meter, as the Segment specification has them.",
    },
    "components": {"securitySchemes": {"writeKey": {"type": "http", "scheme": "basic"}}},
    "paths": {
        **{f"/v1/{call}": _operation(call, _single(call), f"One {call}") for call in _SAYING},
        "/v1/batch": _operation("batch", _BATCH, "Many at once; members that cannot be read are set aside"),
        "/v1/hooks/{address}": _hook(),
        "/v1/import": _operation("import", _BATCH, "The same, under the name older programs use"),
    },
}  # fmt: skip
