"""The reference of the API as a page of our own, drawn from what the API says of itself. Nothing comes from outside."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from regulars.desks.api.described import Field, Operation, Shape, Subject, shapes, subjects
from regulars.desks.api.house_api import DESCRIPTION, api
from regulars.desks.shared.words import PURPOSES, ROLES, say


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Every endpoint: who may ask, what is handed in, what comes out, how it refuses. No token is needed to read it."""
    told = described()
    by_name = {shape.name: _spoken_shape(shape) for shape in shapes(told)}
    around = {
        "subjects": [_subject(one, by_name) for one in subjects(told)],
        "shapes": list(by_name.values()),
        "version": told["info"]["version"],
        "description": _(DESCRIPTION),
        "address": settings.PUBLIC_URL,
    }
    return render(request, "api/reference.html", around)


@cache
def described() -> dict[str, Any]:
    """What the API says of itself, as plain JSON."""
    told: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    return told


def _subject(one: Subject, by_name: Mapping[str, Shape]) -> dict[str, Any]:
    operations = [_operation(operation, by_name) for operation in one.operations]
    return {"name": _(one.name), "anchor": one.anchor, "operations": operations}


def _operation(one: Operation, by_name: Mapping[str, Shape]) -> dict[str, Any]:
    wanted = by_name.get(one.wanted.shape) if one.wanted else None
    return {
        "told": one,
        "description": _(one.description),
        "verb": one.method.lower(),
        "short": one.path.removeprefix("/api"),
        "who": [say(ROLES, role) for role in one.roles if role in ROLES]
        + [say(PURPOSES, purpose) for purpose in one.purposes],
        "anybody": not one.roles,
        "parameters": _spoken(one.parameters),
        "form": _spoken(one.form),
        "wanted": wanted,
        "answer": by_name.get(one.answered.shape) if one.answered else None,
        "refused": [(status, _(why)) for status, why in one.refused],
    }


def _spoken(fields: Iterable[Field]) -> list[Field]:
    return [replace(one, description=_(one.description) if one.description else "") for one in fields]


def _spoken_shape(one: Shape) -> Shape:
    return replace(one, description=_(one.description) if one.description else "", fields=tuple(_spoken(one.fields)))
