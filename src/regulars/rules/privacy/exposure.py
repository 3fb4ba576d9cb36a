"""Which views a table appears in, in the few combinations there are."""

READERS = frozenset({"standard", "assigned", "personal", "marketing", "disclosure", "automated", "sensitive"})
EVERYWHERE = READERS | {"anonymous", "warehouse", "delivery"}
ANALYSED = READERS | {"anonymous", "warehouse"}
OWN_HOUSE = frozenset({"standard", "assigned", "personal", "marketing"})
#: Views through which the texts of rows set aside come with the key that opens them.
MENDING = frozenset({"personal", "repair"})
OFFICE = frozenset({"personal"})
#: Views through which a sealed cell comes with the key that opens it.
OPENING = frozenset({"personal", "opening", "delivery", "sensitive"})
