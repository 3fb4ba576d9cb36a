"""`regulars tasks`: what waits and for whom; the lapse list made work; tasks closed."""

from dataclasses import asdict
from datetime import datetime

import click
from django.utils.translation import gettext as _

from regulars.desks.cli.asking import DAY, by_role, json_option, limit_option, role_option
from regulars.desks.cli.saying import Money, as_json, table, tell
from regulars.desks.shared.customer_words import TASK_KINDS, TASK_OUTCOMES
from regulars.desks.shared.figures import number
from regulars.desks.shared.text_words import warning_about
from regulars.desks.shared.words import say
from regulars.journeys.assign_lapse_tasks import assign_lapse_tasks
from regulars.journeys.hand_out_people import note_listed
from regulars.journeys.serve_customer import finish_task, give_task, hand_on_task
from regulars.records.company.access import company, now, today
from regulars.records.staff.access import everybody
from regulars.records.tasks.access import EVERYBODYS, NOBODYS, tasks_waiting
from regulars.rules.permission.errors import BadInput


@click.group()
def tasks_command() -> None:
    """See what waits; make the lapse list work."""


@tasks_command.command("list")
@click.option("--free", is_flag=True, help="Only those that nobody has taken.")
@click.option("--kind", type=click.Choice(list(TASK_KINDS)), default=None, help="Only this kind.")
@limit_option(50)
@role_option("service")
@json_option
def list_tasks(free: bool, kind: str | None, limit: int, role: str, in_json: bool) -> None:
    """List open tasks, the most urgent first."""
    by, because = by_role(role), "tasks at the terminal"
    total, found = tasks_waiting(
        by=by, because=because, whose=NOBODYS if free else EVERYBODYS, kind=kind or "", limit=limit
    )
    note_listed((one.number for one in found), by=by, because=because, door="terminal_tasks", at=now())
    currency = company().currency
    if in_json:
        as_json({"total": total, "currency": currency, "tasks": [asdict(one) for one in found]})
        return
    headings = ("task", "what", "due", "owner", "customer", "name", "worth")
    table(
        _("%(total)s open tasks") % {"total": number(total)},
        headings,
        [
            (
                one.ref,
                say(TASK_KINDS, one.kind),
                one.due_on,
                one.owner,
                one.number,
                one.name,
                Money(one.worth_minor or 0, currency),
            )
            for one in found
        ],
    )


@tasks_command.command("assign")
@click.option("--limit", type=click.IntRange(1, 2_000), default=100, show_default=True, help="Those worth most first.")
@click.option("--owner", "owners", multiple=True, help="A sign-in name; may be repeated; else all service agents.")
@role_option("marketer")
@json_option
def assign_tasks(limit: int, owners: tuple[str, ...], role: str, in_json: bool) -> None:
    """Make the lapse list tasks with owners, in turn."""
    ids = [_staff(name) for name in owners] or [one.id for one in everybody() if "service" in one.roles]
    done = assign_lapse_tasks(owners=ids, by=by_role(role), at=now(), today=today(), limit=limit)
    if in_json:
        as_json(asdict(done))
        return
    words = {"listed": number(done.on_list), "opened": number(done.opened)}
    tell(_("%(listed)s on the lapse list without a task; %(opened)s tasks opened.") % words)


@tasks_command.command("open")
@click.argument("customer")
@click.option("--kind", type=click.Choice(list(TASK_KINDS)), required=True, help="What is to be done.")
@click.option("--due", type=DAY, required=True, help="Until which day.")
@click.option("--words", default="", help="What else there is to say.")
@click.option("--owner", default=None, help="A sign-in name.")
@role_option("service")
def open_one(customer: str, kind: str, due: datetime, words: str, owner: str | None, role: str) -> None:
    """Open a task about a customer."""
    owner_id = _staff(owner) if owner else None
    if said := warning_about(words):
        tell(said)
    made = give_task(customer, kind=kind, words=words, due_on=due.date(), owner_id=owner_id, by=by_role(role), at=now())
    tell(f"T-{made}")


@tasks_command.command("hand-on")
@click.argument("task")
@click.option("--to", default=None, help="A sign-in name; nobody when not said.")
@role_option("service")
def hand_on(task: str, to: str | None, role: str) -> None:
    """Give a task to somebody else, or to nobody."""
    number_of_customer = hand_on_task(_id(task), owner_id=_staff(to) if to else None, by=by_role(role))
    tell(_("%(task)s about %(customer)s is handed on.") % {"task": task, "customer": number_of_customer})


@tasks_command.command("close")
@click.argument("task")
@click.argument("outcome", type=click.Choice(list(TASK_OUTCOMES)))
@click.option("--words", default="", help="What else there is to say; it stands on the customer's timeline.")
@role_option("service")
def close(task: str, outcome: str, words: str, role: str) -> None:
    """Close a task."""
    number_of_customer = finish_task(_id(task), outcome=outcome, words=words, by=by_role(role), at=now())
    tell(_("%(task)s about %(customer)s is closed.") % {"task": task, "customer": number_of_customer})


def _id(task: str) -> int:
    """T-12 or 12."""
    bare = task.removeprefix("T-")
    if not bare.isdecimal() or len(bare) > 18:
        raise BadInput("task_number_unclear", {"task": task[:40]})
    return int(bare)


def _staff(username: str) -> int:
    for one in everybody():
        if one.username == username:
            return one.id
    raise BadInput("no_such_staff", {"username": username})
