"""A house learns, from its own records, how often one person's records differ: the weights of recognition, as a file.

Learning changes nothing. Whoever cares for records compares the file with what counts now, and adopts it; from then on
a caller is recognised and a batch compares by it.
"""

from datetime import date

from regulars.journeys.compare_records import learn, new_room
from regulars.journeys.match_customers import Say, read_into
from regulars.records.customers.weights import adopt_weights, weights_in_force
from regulars.records.merging.reviewing import demand_deciding
from regulars.rules.identity.model_file import KeptModel
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput

__all__ = ["adopt_weights", "learn_weights", "weights_in_force"]
FEWEST = 2


def learn_weights(
    *, by: Asker, because: str, on: date, say: Say = lambda step, done, of: None
) -> KeptModel:  # fmt: skip
    """The weights these customers bear out, named after the day. BadInput `too_few_to_learn` where there is nobody to
    compare; SplinkMissingError where Splink is not installed."""
    demand_deciding(by, door="learn_weights", because=because)
    with new_room() as room:
        customers, _ = read_into(room, by, because, say)
        if customers < FEWEST:
            raise BadInput("too_few_to_learn")
        return KeptModel(on.isoformat(), on, customers, learn(room, customers))
