"""The three who look at pages here: a marketer, a clerk and the privacy officer."""

from regulars.rules.permission.asking import Asker

MARA = Asker("Mara", "marketer", "marketing", "direct_marketing")
DORA = Asker("Dora", "service", "standard", "service")
EMIL = Asker("Emil", "officer", "personal", "oversight")
