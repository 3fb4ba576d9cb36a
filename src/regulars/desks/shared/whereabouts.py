"""From where and with what somebody comes: for counting wrong tries, and for her own list of sessions."""

import re
from typing import Final

from django.conf import settings
from django.http import HttpRequest

BROWSERS: Final = (("Edg/", "Edge"), ("OPR/", "Opera"), ("MicroMessenger", "WeChat"), ("Firefox/", "Firefox"),
                   ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
SYSTEMS: Final = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
                  ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


def address_of(request: HttpRequest) -> str:
    """The address the request came from.

    Behind proxies of the house's own (`REGULARS_PROXIES` says how many) it is what the outermost of them saw; what
    stands further left in the header was written by the one who asks, and is not believed.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    seen = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
    proxies: int = settings.PROXIES
    return seen[-proxies] if proxies and len(seen) >= proxies else direct


def program_of(request: HttpRequest) -> str:
    """The browser and system as people call them, such as "Firefox · Linux"; else the beginning of what it says."""
    said = request.headers.get("User-Agent", "")
    known = [next((name for mark, name in names if mark in said), "") for names in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, known)) or re.sub(r"[^\x20-\x7e]", "", said)[:60]
