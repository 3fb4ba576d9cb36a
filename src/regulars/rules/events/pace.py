"""How fast a key may send: a bucket that fills with the time and is emptied by events."""

from dataclasses import dataclass

BURST = 2.0  # seconds' worth that may come at once


@dataclass(slots=True)
class Bucket:
    """What is left of a key's share; `rate` is events a second. Times are seconds of any clock that only goes on."""

    rate: float
    left: float
    since: float

    @classmethod
    def full(cls, rate: float, now: float) -> "Bucket":
        """A bucket nobody has taken from."""
        return cls(rate, rate * BURST, now)

    def wait(self, events: int, now: float) -> float:
        """Takes them out and gives 0, or leaves all as it is and gives the seconds after which to come again.

        >>> bucket = Bucket.full(100, 0.0)
        >>> bucket.wait(200, 0.0), bucket.wait(50, 0.0), bucket.wait(50, 0.5)
        (0.0, 0.5, 0.0)
        """
        most = max(self.rate * BURST, 1.0)
        self.left = min(most, self.left + max(now - self.since, 0.0) * self.rate)
        self.since = now
        wanted = min(float(events), most)
        if wanted > self.left:
            return (wanted - self.left) / self.rate
        self.left -= wanted
        return 0.0
