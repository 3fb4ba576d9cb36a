"""What stands behind the question mark of an address has to be known: a filter that is misspelt would otherwise be left
out silently, and everything be answered.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, get_type_hints

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import ValidationError
from pydantic import BaseModel


def only_known(answer: Callable[..., Any]) -> Callable[..., Any]:
    """The same, and 422 when the address asks by a name the operation does not know."""
    known = _names(answer)

    @wraps(answer)
    def checked(request: HttpRequest, *args: Any, **values: Any) -> Any:
        unknown = sorted(set(request.GET) - known)
        if unknown:
            raise ValidationError([_told(name) for name in unknown])
        return answer(request, *args, **values)

    return checked


def _names(answer: Callable[..., Any]) -> frozenset[str]:
    """What the operation takes, and the fields of the shapes that are read from the query."""
    hints = get_type_hints(answer)
    shapes = [hint for hint in hints.values() if isinstance(hint, type) and issubclass(hint, BaseModel)]
    return frozenset(hints) | {name for shape in shapes for name in shape.model_fields}


def _told(name: str) -> dict[str, Any]:
    return {"loc": ("query", name[:40]), "msg": _("is not known here"), "type": "unknown_parameter"}
