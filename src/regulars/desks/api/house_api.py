"""The API as a whole: its routers, its errors, and the description of itself that the reference is drawn from."""

from collections.abc import Mapping
from typing import Any, Final

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer

from regulars.desks.api import (
    approvals,
    attributes,
    calls,
    campaigns,
    choices,
    codes,
    customers,
    erasing,
    evidence,
    exports,
    extracts,
    figures,
    groups,
    imports,
    merging,
    need_to_know,
    office,
    orders,
    partners,
    quality,
    recognition,
    retention,
    segments,
    staff,
    streams,
    tasks,
    texts,
    value,
    watching,
)
from regulars.desks.api.asked_queries import only_known
from regulars.desks.api.keys import Token
from regulars.desks.api.once import HEADER
from regulars.desks.api.shapes import Mistake
from regulars.desks.api.telling import tell_mistakes

DESCRIPTION: Final = (
    "Everything the pages can do, through the same doors. A token is bound for good to one role, one view and one "
    "purpose; the view is a database login. What the view masks is null, whom it leaves out is 404. Reading a person "
    "wants a reason. Money is in minor units with its currency, moments carry their zone, lists say their total."
)
WITH_TOKEN: Final = {
    401: "No token, or one nobody gave",
    403: "A token of another role or purpose, or not this customer",
}
WHEN_ASKED: Final = {
    400: "Cannot be used; the code says why",
    404: "Absent, or hidden from this view: told alike",
    422: "Not shaped as described",
}
WHEN_AGAIN: Final = {409: "The same request is still being answered"}
ALWAYS: Final = {503: "The database is away; try again"}


class Plainly(JSONRenderer):
    """JSON in which 中文 can be read."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}


class HouseApi(NinjaAPI):
    """django-ninja's API, which also tells its own mistakes and who may ask what."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The description by OpenAPI 3.1, with the shape of every refusal."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schema["components"]["schemas"]["Mistake"] = Mistake.model_json_schema()
        for method, path, asked in self._operations():
            _complete(schema["paths"][path][method], asked)
        return schema

    def _operations(self) -> list[tuple[str, str, Any]]:
        return [
            (method.lower(), f"/api{path}", operation)
            for bound in self._get_bound_routers()
            for path, view in bound.path_operations.items()
            for operation in view.operations
            for method in operation.methods
        ]


def _complete(told: dict[str, Any], operation: Any) -> None:
    """Refusals, who may ask, and the media type of what is no JSON."""
    token = next((one for one in operation.auth_callbacks if isinstance(one, Token)), None)
    refusals = ALWAYS | (WITH_TOKEN if token else {}) | (WHEN_ASKED if _is_asked_something(told) else {})
    refusals |= WHEN_AGAIN if HEADER in str(told.get("parameters")) else {}
    for status, why in sorted(refusals.items()):
        told["responses"].setdefault(status, _refusal(why))
    if token:
        told["x-roles"], told["x-purposes"] = list(token.roles), list(token.purposes)
    if media := told.pop("x-media-type", ""):
        told["responses"][200]["content"] = {media: {"schema": {"type": "string"}}}


def _is_asked_something(told: dict[str, Any]) -> bool:
    return bool(told.get("parameters") or told.get("requestBody"))


def _refusal(why: str) -> dict[str, Any]:
    return {"description": why, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Mistake"}}}}


api = HouseApi(
    title="Regulars 熟客",
    version=watching.VERSION,
    description=DESCRIPTION,
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
    renderer=Plainly(),
)
api.add_decorator(only_known)
for part in (
    watching,
    imports,
    streams,
    customers,
    recognition,
    groups,
    orders,
    calls,
    codes,
    merging,
    choices,
    value,
    segments,
    campaigns,
    tasks,
    office,
    evidence,
    partners,
    figures,
    extracts,
    exports,
    approvals,
    need_to_know,
    staff,
    erasing,
    attributes,
    texts,
    retention,
    quality,
):
    api.add_router("", part.router)
tell_mistakes(api)
