"""Addresses of this desk."""

from django.urls import path, re_path

from regulars.desks.api.house_api import api
from regulars.desks.api.reference_page import reference
from regulars.desks.api.telling import nothing_here

urlpatterns = [
    path("", reference, name="api_reference"),
    path("", api.urls),
    re_path(r"^.*$", nothing_here),
]
