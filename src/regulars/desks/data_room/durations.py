"""How long something takes, in words: "40 s", "3 min 40 s", "2 h 5 min"; 40 秒, 3 分 40 秒."""

from django.utils.translation import gettext as _


def duration(seconds: float) -> str:
    """The two coarsest units that say it; never less than one second.

    >>> duration(220), duration(7_500), duration(0.2)
    ('3 min 40 s', '2 h 5 min', '1 s')
    """
    whole = max(round(seconds), 1)
    minutes, rest = divmod(whole, 60)
    hours, minutes_left = divmod(minutes, 60)
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes_left}
    if minutes:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}
    return _("%(seconds)d s") % {"seconds": whole}


def give_or_take(seconds: float) -> str:
    """How much an estimate may be wrong: whole tens beyond twenty seconds, whole minutes beyond five."""
    step = 60 if seconds > 300 else 10 if seconds > 20 else 1
    return duration(max(round(seconds / step), 1) * step)
