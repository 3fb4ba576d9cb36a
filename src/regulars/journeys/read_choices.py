"""What a customer allows: for whoever writes down what she says, and for herself."""

from dataclasses import dataclass

from regulars.records.choices.access import ChoiceFacts, choice_history, youth_before_the_law
from regulars.records.customers.access import CustomerFacts, open_customer
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.choices import Scope, Standing, exceptions, where_it_stands


@dataclass(frozen=True, slots=True)
class HeldChoices:
    """The eight permissions in their fixed order, each with what it rests on; brands and topics taken out; the whole
    ledger, oldest first."""

    facts: CustomerFacts
    choices: tuple[Standing, ...]
    history: tuple[ChoiceFacts, ...]
    exceptions: frozenset[Scope] = frozenset()
    is_child: bool = False


def read_choices(number: str, *, by: Asker, because: str) -> HeldChoices:
    """What holds for the customer now, and everything they ever said about it."""
    opened, facts = open_customer(number, by=by, because=because)
    history, youth = choice_history(opened), youth_before_the_law(opened)
    standing = where_it_stands(history, facts.jurisdiction, youth)
    return HeldChoices(facts, standing, tuple(history), exceptions(history, youth), youth.needs_guardian)
