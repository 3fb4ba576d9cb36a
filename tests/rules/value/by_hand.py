"""The same rules once more in plain Python, slow and obvious: what the tables are compared with."""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from statistics import mean, median
from typing import NamedTuple

from regulars.rules.value.rhythm import PATIENCE
from tests.rules.value.shop import Line


def orders(lines: Iterable[Line], at: date) -> dict[tuple[int, int], tuple[date, int]]:
    """(customer, order) → first day and net amount, as known at the end of `at`."""
    found: dict[tuple[int, int], tuple[date, int]] = {}
    for line in lines:
        if line.ordered_on <= at:
            first, net = found.get((line.customer_id, line.order_key), (line.ordered_on, 0))
            found[line.customer_id, line.order_key] = min(first, line.ordered_on), net + line.amount_minor
    return found


def rfm(lines: Iterable[Line], at: date) -> dict[int, tuple[int, int, int]]:
    """Customer → recency, frequency, monetary."""
    known = orders(lines, at)
    kept = [(customer, first) for (customer, _), (first, net) in known.items() if net > 0]
    money = {c: sum(net for (customer, _), (_, net) in known.items() if customer == c) for c, _ in kept}
    return {c: ((at - max(d for x, d in kept if x == c)).days, [x for x, _ in kept].count(c), money[c]) for c in money}


def fifths(values: Iterable[int]) -> tuple[int, ...]:
    """The smallest values that at least 1/5, 2/5, 3/5, 4/5 of the values do not exceed."""
    ranked = sorted(values)
    return tuple(
        next((v for v in ranked if 5 * sum(x <= v for x in ranked) >= fifth * len(ranked)), 0) for fifth in range(1, 5)
    )


def purchase_days(lines: Iterable[Line], at: date) -> dict[int, dict[date, int]]:
    """Customer → day → money of that day's kept orders."""
    found: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for (customer, _), (first, net) in orders(lines, at).items():
        if net > 0:
            found[customer][first] += net
    return found


class Promise(NamedTuple):
    """What a purchase day lets us expect."""

    rhythm: float
    due_on: date
    grace_until: date
    usual: float


def month_of(moment: date) -> date:
    return moment.replace(day=1)


def promises(days: dict[int, dict[date, int]]) -> dict[tuple[int, date], Promise]:
    """(customer, purchase day) → promise, month after month, with nothing known beforehand."""
    p, made = PATIENCE, {}
    waits = [(c, a, b) for c, its in days.items() for a, b in pairwise(sorted(its))]
    for customer, bought_on in sorted(((c, d) for c, its in days.items() for d in its), key=lambda pair: pair[1]):
        ended = [w for w in waits if month_of(max(w[2], w[1] + timedelta(days=p.watch))) < month_of(bought_on)]
        history = sorted(d for d in days[customer] if d <= bought_on)
        gaps = [(b - a).days for a, b in pairwise(history)][-p.gaps :]
        firsts = sorted((b - a).days for c, a, b in ended if a == min(days[c]))
        usual_rhythm = firsts[(len(firsts) + 1) // 2 - 1] if firsts else p.first_rhythm
        own = len(gaps) * math.log(median(gaps)) if gaps else 0
        rhythm = round(math.exp((p.belief * math.log(usual_rhythm) + own) / (p.belief + len(gaps))), 3)
        late = sorted(math.ceil(20 * (b - a).days / made[c, a].rhythm) for c, a, b in ended)
        patience = late[math.ceil(round(p.share * len(late), 9)) - 1] / 20 if late else p.first_patience
        grace = max(p.least_silence, math.ceil(rhythm), math.ceil(rhythm * min(patience, p.most_patience)))
        made[customer, bought_on] = Promise(
            rhythm,
            bought_on + timedelta(days=math.ceil(rhythm)),
            bought_on + timedelta(days=grace),
            mean(days[customer][d] for d in history[-p.gaps - 1 :]),
        )
    return made


def inside(days: dict[int, dict[date, int]], made: dict[tuple[int, date], Promise], at: date) -> set[int]:
    """Who is inside at the end of `at`: bought, and the last promise's grace is not over."""
    who = set()
    for customer, its in days.items():
        history = sorted(its)
        place = bisect_left(history, at + timedelta(days=1))
        if place and made[customer, history[place - 1]].grace_until > at:
            who.add(customer)
    return who
