"""Addresses of the customer's own pages. The one-click unsubscribe stands at the site's root: it is in mails."""

from typing import Final

from django.urls import path

from regulars.desks.portal import choice_pages, data_pages, door_pages, statement_page

app_name = "portal"
urlpatterns: Final = [
    path("enter/<str:secret>/", door_pages.enter, name="enter"),
    path("leave/", door_pages.leave, name="leave"),
    path("", choice_pages.choices, name="choices"),
    path("choose/", choice_pages.choose, name="choose"),
    path("except/", choice_pages.take_out, name="take_out"),
    path("receipt/", choice_pages.receipt, name="receipt"),
    path("hours/", choice_pages.hours, name="hours"),
    path("data/", data_pages.data, name="data"),
    path("data/copy/", data_pages.copy, name="copy"),
    path("data/correct/<str:field>/", data_pages.correct, name="correct"),
    path("data/delete/", data_pages.delete, name="delete"),
    path("contacts/", data_pages.contacts, name="contacts"),
    path("contacts/<uuid:contact_id>/stop/", choice_pages.stop, name="stop"),
    path("seen/", data_pages.seen, name="seen"),
    path("statement/", statement_page.statement, name="statement"),
    path("seen/odd/", data_pages.odd, name="odd"),
]
