"""Which kind of touchpoint an event is: one table, so that a new name is a line.

Names on the left are those of the Segment specification (e-commerce, e-mail, mobile) and of the house, without case or
spacing; what no line names is a web or app event, or what its source says it is.
"""

from typing import Final

KINDS: Final = (
    "order", "return", "call", "visit", "letter", "mail", "message", "web", "app", "meter", "till", "complaint",
    "survey", "stay", "reward",
)  # fmt: skip
BY_NAME: Final = {
    "order completed": "order", "order placed": "order", "order updated": "order", "order refunded": "return",
    "order cancelled": "return", "product returned": "return",
    "call received": "call", "call placed": "call", "call ended": "call",
    "visit": "visit", "store visited": "visit", "appointment kept": "visit", "check in": "stay", "check out": "stay",
    "stay booked": "stay", "stay ended": "stay", "reservation made": "stay", "letter sent": "letter",
    "letter received": "letter", "email delivered": "mail", "email opened": "mail", "email link clicked": "mail",
    "email bounced": "mail", "email marked as spam": "mail", "unsubscribed": "mail", "sms delivered": "message",
    "sms received": "message", "message sent": "message", "message received": "message",
    "live chat conversation started": "message", "live chat message received": "message",
    "push notification received": "message", "push notification tapped": "message", "meter read": "meter",
    "till opened": "till", "receipt printed": "till", "machine played": "till", "complaint made": "complaint",
    "survey answered": "survey", "survey sent": "survey", "product reviewed": "survey", "points earned": "reward",
    "reward redeemed": "reward", "coupon redeemed": "reward", "coupon applied": "reward",
    "application opened": "app", "application installed": "app", "application backgrounded": "app",
    "application updated": "app",
}  # fmt: skip


def plain_name(name: str) -> str:
    """The name of an event as it is compared.

    >>> plain_name("Order_Completed")
    'order completed'
    """
    return name.lower().replace("_", " ")


def kind_of(call: str, name: str, usual: str) -> str:
    """The kind; `usual` is what its source says of events nobody has named.

    >>> kind_of("track", "Order_Completed", "web"), kind_of("screen", "Home", "web"), kind_of("track", "Wheel", "till")
    ('order', 'app', 'till')
    """
    if call == "screen":
        return "app"
    if call == "page":
        return "web"
    return BY_NAME.get(plain_name(name), usual)
