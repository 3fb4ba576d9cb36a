"""How long things are kept: what has outlived it, of whom, and whether it goes."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from regulars.desks.privacy_office.office import OFFICER, in_room
from regulars.desks.shared.retention_words import keep_words
from regulars.desks.shared.signing_in import asker, seated
from regulars.journeys.let_go import how_retention_stands, let_rule_go, who_outlived
from regulars.records.company.access import now
from regulars.records.dictionary import DICTIONARY
from regulars.records.own_attributes.access import own_attributes
from regulars.records.retention.letting_go import Standing

BECAUSE: Final = "retention"


@require_safe
@never_cache
@seated(OFFICER)
def retention(request: HttpRequest) -> HttpResponse:
    """Every rule as last counted; of one rule, the first customers it is about."""
    by, key = asker(request), request.GET.get("rule", "")[:80]
    around: dict[str, Any] = {
        "rules": [_drawn(one) for one in how_retention_stands(by=by)], "chosen": _named(key) if key else "",
    }  # fmt: skip
    if key:
        around["count"], around["numbers"] = who_outlived(key, by=by, because=BECAUSE, at=now())
    return in_room(request, "retention", around, by=by)


@require_POST
@seated(OFFICER)
def let_go(request: HttpRequest, key: str) -> HttpResponse:
    """What the rule finds goes every night from now on, or is only watched again."""
    goes = request.POST.get("goes") == "1"
    let_rule_go(key, goes, by=asker(request), at=now())
    messages.success(request, _("It goes with the next night.") if goes else _("It is only watched from now on."))
    return redirect("privacy_office:retention")


def _drawn(one: Standing) -> dict[str, Any]:
    return {"rule": one, "what": _named(one.key), "keep": keep_words(one.keep)}


def _named(key: str) -> str:
    """What a rule is about, as the dictionary or the company calls it."""
    chinese = (get_language() or "en").startswith("zh")
    table, _dot, column = key.partition(".")
    if table == "own":
        named = {one.what.key: one.what.label_zh if chinese else one.what.label for one in own_attributes(retired=True)}
    else:
        named = {
            one.name: one.label_zh if chinese else one.label
            for held in DICTIONARY
            if held.name == table
            for one in held.columns
        }
    return named.get(column, key)
