"""The API's description, OpenAPI 3.1, as a reader wants it: subjects, operations, shapes; for page and handbook."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

Told = Mapping[str, Any]
METHODS: Final = ("get", "post", "put", "delete")
REFUSED_FROM: Final = 400
OPAQUE: Final = "JsonValue"  # how pydantic calls whatever JSON can hold


@dataclass(frozen=True, slots=True)
class Value:
    """What a field or parameter may hold: words, the shape it refers to (""), and its limits."""

    kind: str
    shape: str
    limits: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a shape, a parameter, or a part of a form. `place` is path, query, header, or empty in a body."""

    name: str
    place: str
    value: Value
    required: bool
    default: str
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint. `wanted` and `answered` name what is handed in and out; `refused` is (status, why)."""

    anchor: str
    method: str
    path: str
    description: str
    roles: tuple[str, ...]
    purposes: tuple[str, ...]
    parameters: tuple[Field, ...]
    form: tuple[Field, ...]
    wanted: Value | None
    status: str
    answered: Value | None
    refused: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """Endpoints about one thing."""

    name: str
    operations: tuple[Operation, ...]

    @property
    def anchor(self) -> str:
        """Where the subject stands on the page."""
        return self.name.lower().replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Shape:
    """An object that goes in or out."""

    name: str
    description: str
    fields: tuple[Field, ...]


def subjects(schema: Told) -> list[Subject]:
    """All endpoints by subject, in the order they were added."""
    found: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method in (one for one in METHODS if one in methods):
            told = methods[method]
            found.setdefault(told["tags"][0], []).append(_operation(path, method, told))
    return [Subject(name, tuple(operations)) for name, operations in found.items()]


def shapes(schema: Told) -> list[Shape]:
    """All objects by name; those that only carry others in a page stand under the name of what they carry."""
    parts = schema["components"]["schemas"]
    objects = {name: told for name, told in sorted(parts.items()) if told.get("type") == "object"}
    return [
        Shape(_plain_name(name), told.get("description", ""), tuple(_fields(told))) for name, told in objects.items()
    ]


def _operation(path: str, method: str, told: Told) -> Operation:
    status, answer = next((code, one) for code, one in told["responses"].items() if int(code) < REFUSED_FROM)
    media, wanted = _content(told.get("requestBody", {}))
    answered_in, answered = _content(answer)
    refused = ((str(code), one["description"]) for code, one in told["responses"].items() if int(code) >= REFUSED_FROM)
    return Operation(
        anchor=told["operationId"].removeprefix("regulars_desks_api_"), method=method.upper(), path=path,
        description=told.get("description", ""), roles=tuple(told.get("x-roles", ())),
        purposes=tuple(told.get("x-purposes", ())),
        parameters=tuple(_parameter(one) for one in told.get("parameters", ())),
        form=tuple(_fields(wanted)) if media == "multipart/form-data" and wanted else (),
        wanted=_value(wanted) if media == "application/json" and wanted else None, status=str(status),
        answered=_value(answered) if answered and answered_in == "application/json" else _file(answered_in),
        refused=tuple(sorted(refused)),
    )  # fmt: skip


def _content(told: Told) -> tuple[str, Told | None]:
    for media, one in told.get("content", {}).items():
        return str(media), one["schema"]
    return "", None


def _file(media: str) -> Value | None:
    return Value(media, "", "") if media else None


def _parameter(told: Told) -> Field:
    schema = told["schema"]
    return Field(
        told["name"], told["in"], _value(schema), bool(told["required"]), _default(schema), told.get("description", "")
    )


def _fields(told: Told) -> Iterator[Field]:
    required = told.get("required", ())
    for name, schema in told.get("properties", {}).items():
        yield Field(name, "", _value(schema), name in required, _default(schema), schema.get("description", ""))


def _default(schema: Told) -> str:
    said = schema.get("default")
    return "" if said is None or said in ([], {}, "") else str(said)


def _value(schema: Told) -> Value:
    """The value in words; `or null` where nothing may be said."""
    choices = schema.get("anyOf") or schema.get("allOf") or ()
    if choices:
        some = [_value(one) for one in choices if one.get("type") != "null"]
        null = " or null" if len(some) < len(choices) else ""
        kinds = " or ".join(dict.fromkeys(one.kind for one in some))
        return Value(kinds + null, next((one.shape for one in some if one.shape), ""), some[0].limits)
    if "$ref" in schema:
        name = _plain_name(str(schema["$ref"]).rpartition("/")[2])
        return Value("anything", "", "") if name == OPAQUE else Value(name, name, "")
    return _simple(schema)


def _simple(schema: Told) -> Value:
    kind = schema.get("type")
    if "const" in schema:
        return Value(f"“{schema['const']}”", "", "")
    if "enum" in schema:
        return Value(" · ".join(map(str, schema["enum"])), "", "")
    if kind == "array":
        inner = _value(schema.get("items", {}))
        return Value(f"list of {inner.kind}", inner.shape, _limits(schema) or inner.limits)
    if kind == "object" and "additionalProperties" in schema and isinstance(schema["additionalProperties"], dict):
        inner = _value(schema["additionalProperties"])
        return Value(f"name → {inner.kind or 'anything'}", inner.shape, "")
    return Value(str(schema.get("format") or kind or "anything"), "", _limits(schema))


def _limits(schema: Told) -> str:
    low, high = (
        schema.get("minimum", schema.get("exclusiveMinimum")),
        schema.get("maximum", schema.get("exclusiveMaximum")),
    )
    if low is not None and high is not None:
        return "" if high >= 2**63 - 1 else f"{low} to {high}"
    longest = schema.get("maxLength") or schema.get("maxItems")
    return f"at most {longest}" if longest else ""


def _plain_name(name: str) -> str:
    """`Page[Import]`, which pydantic writes as Page_Import_."""
    return f"Page of {name[5:-1]}" if name.startswith("Page_") and name.endswith("_") else name
