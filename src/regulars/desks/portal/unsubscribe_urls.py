"""One address, from a mail: asked it shows a button, told it unsubscribes."""

from typing import Final

from django.urls import path

from regulars.desks.portal.unsubscribe_page import unsubscribe_page

urlpatterns: Final = [path("<str:token>/", unsubscribe_page, name="unsubscribe")]
