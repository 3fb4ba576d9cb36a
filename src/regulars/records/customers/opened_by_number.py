"""Those whom a file names by their customer numbers, opened all at once: as the asker could open them one by one."""

from collections.abc import Iterable
from typing import Final

from regulars.connections.postgres.asking import ask
from regulars.records.access_log.actions import note_access
from regulars.records.customers.access import Opened
from regulars.records.customers.known_by import ids_of_numbers
from regulars.records.customers.needed import needs_reason, reasons_among
from regulars.records.customers.within_reach import within_reach
from regulars.records.watched.access import canaries_among, protected_among
from regulars.records.watched.actions import touched
from regulars.rules.permission.asking import Asker

_THESE: Final = "SELECT t.customer_id, c.number FROM unnest(%s::bigint[]) t (customer_id)"


def opened_by_number(numbers: Iterable[str], *, by: Asker, because: str, door: str) -> dict[str, Opened]:
    """Customer number → her, for those of a file's numbers whom the asker could open one by one; logged once for all.

    Whoever is protected from the asker looks as if not there; whoever was invented to watch is told of.
    """
    reach, values = within_reach(by)
    wanted = ids_of_numbers(one for one in numbers if one.isprintable())
    question = f"{_THESE} JOIN LATERAL ({reach}) c ON true"
    rows: dict[int, str] = dict(ask(by.view, question, [sorted(set(wanted.values())), *values]))
    if needs_reason(by):
        given = reasons_among(list(rows), by=by)
        rows = {who: number for who, number in rows.items() if who in given}
    hidden = protected_among(rows) if rows and by.role != "officer" else frozenset()
    for decoy in canaries_among(rows).values():
        touched(decoy, by=by, door=door, because=because)
    seen = {said: who for said, who in wanted.items() if who in rows and who not in hidden}
    note_access(by, door=door, because=because, rows=len(set(seen.values())))
    return {said: Opened(who, rows[who], by, because) for said, who in seen.items()}
