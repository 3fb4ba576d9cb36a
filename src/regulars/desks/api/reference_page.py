"""The reference of the API as a page of our own, drawn from what the API says of itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def reference(request: HttpRequest) -> HttpResponse:
    return render(request, "api/reference.html", {})
