"""The order desk: who orders is recognised while one types, or taken in; what she orders is found, counted, booked.

The draft is the truth: every step is kept in it, and each answer is drawn from it. Without scripts a step is a page.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from regulars.desks.service.order_drawn import (
    branches_offered,
    channels_offered,
    choices_asked,
    drafts_drawn,
    known_drawn,
    likely_drawn,
    lines_drawn,
    products_drawn,
    report_drawn,
    total_drawn,
    waiting_drawn,
)
from regulars.desks.service.order_form import with_form
from regulars.desks.shared.clauses import clauses_of
from regulars.desks.shared.mistakes import sentence_for
from regulars.desks.shared.signing_in import asker, seated
from regulars.journeys.need_to_know import customer_is_here
from regulars.journeys.recognise_likely import LikelyCustomer, recognise_likely, serve_known
from regulars.journeys.take_in_customer import look_over, perhaps_known
from regulars.journeys.take_order import (
    asked_in,
    branches_to_sell_at,
    coming_back,
    hand_order_over,
    place_draft,
    weigh_lines,
)
from regulars.records.company.access import company, now
from regulars.records.company.statements import statement_in_force
from regulars.records.orders.desk import customer_number_of_order, orders_waiting
from regulars.records.orders.drafts import begin_draft, draft_of, drafts_of, keep_draft, leave_draft
from regulars.records.orders.selling import find_products, products_of
from regulars.rules.identity.marks import Told
from regulars.rules.identity.typed import read_typed
from regulars.rules.intake.money import digits_of
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import RegularsError

SELLING: Final = ("service",)
BECAUSE: Final = "order"
#: From so many letters on somebody or something is looked for.
LONG_ENOUGH: Final = 2
Content = dict[str, Any]


@require_GET
@never_cache
@seated(*SELLING)
def orders(request: HttpRequest) -> HttpResponse:
    """Orders she began, and orders that wait to be handed over."""
    by, at = asker(request), now()
    around = {
        "drafts": drafts_drawn(drafts_of(by=by), at=timezone.now()),
        "waiting": waiting_drawn(orders_waiting(by=by, because=BECAUSE), at=at),
    }
    return render(request, "service/orders.html", around)


@require_POST
@seated(*SELLING)
def new_order(request: HttpRequest) -> HttpResponse:
    """An order is begun, for a customer if she is named."""
    by, key = asker(request), uuid4()
    content: Content = {"channel": request.POST.get("channel", "counter")[:16], "typed": request.POST.get("typed", "")}
    here = branches_to_sell_at(by)
    content["branch"] = here[0].id if len(here) == 1 or (by.branches and here) else None
    if number := request.POST.get("customer", "")[:24]:
        content |= _chosen(number, by)
    begin_draft(key, content, by=by)
    return redirect("service:order_desk", key)


@require_http_methods(["GET", "POST"])
@never_cache
@seated(*SELLING)
def order_desk(request: HttpRequest, key: UUID) -> HttpResponse:
    """One order being taken. A step changes the draft; with htmx only the part it changed comes back."""
    by, at = asker(request), now()
    draft = draft_of(key, by=by)
    if draft.order_ref:
        number = customer_number_of_order(draft.order_ref, by=by)
        return render(request, "service/order_taken.html", {"ref": draft.order_ref, "number": number})
    if request.method == "GET":
        return render(request, "service/desk.html", _whole(key, dict(draft.content), by, at))
    content, objection = _stepped(request, with_form(draft.content, request.POST), by, at)
    keep_draft(key, content, by=by)
    if request.POST.get("do") == "place" and not objection:
        return _placed(request, key, content, by, at)
    part = request.headers.get("HX-Target", "")
    if part in PARTS:
        around = PARTS[part](key, content, by, at) | {"objection": objection, "key": key, "fragment": True}
        return render(request, f"service/parts/desk_{part}.html", around)
    if objection:
        return render(request, "service/desk.html", _whole(key, content, by, at) | {"objection": objection}, status=422)
    return redirect("service:order_desk", key)


@require_POST
@seated(*SELLING)
def leave_order(request: HttpRequest, key: UUID) -> HttpResponse:
    """The draft is gone."""
    leave_draft(key, by=asker(request))
    messages.info(request, _("Left. Nothing of it is kept."))
    return redirect("service:orders")


@require_POST
@seated(*SELLING)
def handed_over(request: HttpRequest, ref: str) -> HttpResponse:
    """An order that waited was handed over."""
    hand_order_over(ref, by=asker(request), at=now())
    messages.success(request, _("%(order)s is handed over.") % {"order": ref})
    return redirect("service:orders")


def _placed(request: HttpRequest, key: UUID, content: Content, by: Asker, at: datetime) -> HttpResponse:
    try:
        place_draft(key, by=by, at=at)
    except RegularsError as error:
        around = _whole(key, content, by, at, sure=error.code == "perhaps_known") | {"objection": sentence_for(error)}
        return render(request, "service/desk.html", around, status=422)
    return redirect("service:order_desk", key)


def _stepped(request: HttpRequest, content: Content, by: Asker, at: datetime) -> tuple[Content, str]:
    """The draft after this step, and why the step could not be taken."""
    step, _colon, what = request.POST.get("do", "").partition(":")
    try:
        return STEPS[step](content, what, by, at) if step in STEPS else content, ""
    except RegularsError as error:
        return content, sentence_for(error)


def _choose(content: Content, number: str, by: Asker, at: datetime) -> Content:
    return content | _chosen(number, by)


def _is_here(content: Content, number: str, by: Asker, at: datetime) -> Content:
    customer_is_here(number, str(content.get("typed", "")), by=by)
    return content | _chosen(number, by)


def _chosen(number: str, by: Asker) -> Content:
    """The order is for her; what was typed to find her is not kept any longer."""
    known = serve_known(number, by=by, because=BECAUSE)
    return {"customer": known.facts.number, "called": known.facts.name or known.facts.number, "typed": "",
            "person": {}, "choices": [], "is_new": False}  # fmt: skip


def _somebody_else(content: Content, what: str, by: Asker, at: datetime) -> Content:
    return content | {"customer": "", "called": "", "is_new": False, "returns": ""}


def _somebody_new(content: Content, what: str, by: Asker, at: datetime) -> Content:
    """What was typed to find her is the beginning of her record."""
    told = read_typed(str(content.get("typed", "")), company().country)
    person = {
        "name": told.names[0][0] if told.names else "", "phone": told.phones[0] if told.phones else "",
        "email": told.emails[0] if told.emails else "", "country": company().country,
        "birth_on": told.birth_on.isoformat() if told.birth_on else "",
        "language": "zh-hans" if (get_language() or "").startswith("zh") else "en",
    }  # fmt: skip
    return content | {"customer": "", "is_new": True, "person": person, "typed": ""}


def _add(content: Content, product: str, by: Asker, at: datetime) -> Content:
    """One of that product more, at the price it last had."""
    found = products_of([int(product)] if product.isdecimal() and len(product) < 19 else [], by=by)
    lines = list(content.get("lines") or ())
    for one in found.values():
        priced = one.price_minor is not None and one.currency == company().currency
        price = _price(one.price_minor or 0) if priced else ""
        lines.append({"product": one.id, "quantity": "1", "price": price, "discount": ""})
    return content | {"lines": lines, "wanted": ""}


def _drop(content: Content, place: str, by: Asker, at: datetime) -> Content:
    lines = [one for n, one in enumerate(content.get("lines") or ()) if str(n) != place]
    return content | {"lines": lines}


def _back(content: Content, ref: str, by: Asker, at: datetime) -> Content:
    """Everything that may still come back of that order of hers; the clerk takes out what stays."""
    found = coming_back(str(content.get("customer", "")), ref, by=by)
    lines = [{"product": one.product_id, "quantity": one.quantity, "price": one.price, "discount": ""} for one in found]
    return content | {"lines": [*(content.get("lines") or ()), *lines], "returns": ref}


def _price(minor: int) -> str:
    digits = digits_of(company().currency)
    return f"{minor / 10**digits:.{digits}f}" if minor % 10**digits else str(minor // 10**digits)


Step = Callable[[Content, str, Asker, datetime], Content]
STEPS: Final[Mapping[str, Step]] = {
    "choose": _choose, "here": _is_here, "forget": _somebody_else, "new": _somebody_new, "add": _add, "drop": _drop,
    "back": _back,
}  # fmt: skip


def _whole(key: UUID, content: Content, by: Asker, at: datetime, *, sure: bool = False) -> Content:
    around = _who(key, content, by, at) | _lines(key, content, by, at)
    return around | {
        "key": key, "channels": channels_offered(), "branches": branches_offered(branches_to_sell_at(by)),
        "may_have_no_branch": not by.branches, "content": content, "sure": sure,
    }  # fmt: skip


def _who(key: UUID, content: Content, by: Asker, at: datetime) -> Content:
    """Who the order is for: somebody known, somebody new with what was changed, or nobody yet with those it may be."""
    if number := str(content.get("customer", "")):
        return {"known": known_drawn(serve_known(number, by=by, because=BECAUSE), at=at), "content": content}
    if content.get("is_new"):
        return _new(key, content, by, at)
    return _likely(key, content, by, at)


def _new(key: UUID, content: Content, by: Asker, at: datetime) -> Content:
    asked = asked_in(content)
    person = look_over(asked.person, at=at)
    found = perhaps_known(person, by=by, because=BECAUSE) if person.fields else []
    statement = statement_in_force(get_language() or "en", at=timezone.now())
    return {
        "is_new": True, "person": asked.person, "report": report_drawn(person), "choices": choices_asked(asked),
        "likely": likely_drawn(found, at=at), "surely_new": asked.surely_new, "content": content,
        "sure": any(one.known_already for one in found),
        "statement": clauses_of(statement.body) if statement else (),
    }  # fmt: skip


def _likely(key: UUID, content: Content, by: Asker, at: datetime) -> Content:
    typed = str(content.get("typed", ""))
    return {"typed": typed, "likely": likely_drawn(_found(typed, by), at=at), "content": content}


def _found(typed: str, by: Asker) -> list[LikelyCustomer]:
    told: Told = read_typed(typed, company().country)
    return recognise_likely(told, by=by, because=BECAUSE) if len(typed.strip()) >= LONG_ENOUGH and told else []


def _lines(key: UUID, content: Content, by: Asker, at: datetime) -> Content:
    asked = asked_in(content)
    weighed = weigh_lines(asked.lines)
    products = products_of([one.product_id for one in asked.lines], by=by)
    return {
        "lines": lines_drawn(asked, weighed, products), "sum": total_drawn(weighed), "returns": asked.returns_ref,
        **_products(key, content, by, at),
    }  # fmt: skip


def _products(key: UUID, content: Content, by: Asker, at: datetime) -> Content:
    wanted = str(content.get("wanted", ""))
    found = find_products(wanted, by=by) if len(wanted.strip()) >= LONG_ENOUGH else []
    return {"wanted": wanted, "products": products_drawn(found)}


PARTS: Final[Mapping[str, Callable[[UUID, Content, Asker, datetime], Content]]] = {
    "who": _who, "likely": _likely, "lines": _lines, "products": _products, "sum": _lines, "looked": _new,
}  # fmt: skip
