"""What this site says to browsers about the Global Privacy Control: it is honoured."""

from datetime import date
from typing import Final

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

#: The day on which this house began to honour the signal.
SINCE: Final = date(2026, 11, 21)


@require_safe
def gpc_support(request: HttpRequest) -> JsonResponse:
    """The support resource at /.well-known/gpc.json, for anybody."""
    return JsonResponse({"gpc": True, "lastUpdate": SINCE.isoformat()})
