"""Which address leads to which desk."""

from django.conf import settings
from django.urls import include, path

from regulars.desks.portal.door_pages import demo_customer
from regulars.desks.portal.signal_page import gpc_support
from regulars.desks.shared.urls import parts_urls

urlpatterns = [
    path("", include("regulars.desks.shared.urls")),
    path("", include("regulars.desks.marketing.urls")),
    path("", include("regulars.desks.service.urls")),
    path("privacy/", include("regulars.desks.privacy_office.urls")),
    path("data/", include("regulars.desks.data_room.urls")),
    path("me/", include("regulars.desks.portal.urls")),
    path("u/", include("regulars.desks.portal.unsubscribe_urls")),
    path(".well-known/gpc.json", gpc_support, name="gpc_support"),
    path("demo/customer/", demo_customer, name="demo_customer"),
    path("api/", include("regulars.desks.api.urls")),
]

if settings.DEMO or settings.TESTING:
    urlpatterns += parts_urls
