"""Addresses that belong to no desk. The site includes them at its root; `parts_urls` only in demo mode."""

from typing import Final

from django.urls import path
from django.views.i18n import set_language

from regulars.desks.shared import pages

urlpatterns: Final = [
    path("theme/", pages.set_theme, name="set_theme"),
    path("language/", set_language, name="set_language"),
]

parts_urls: Final = [path("parts/", pages.parts, name="parts")]
