"""Addresses of the marketing desk."""

from typing import Final

from django.urls import path

from regulars.desks.marketing import today_pages

app_name = "marketing"
urlpatterns: Final = [
    path("", today_pages.first_page, name="today"),
    path("today/bucket/", today_pages.bucket, name="bucket"),
    path("today/lapse-tasks/", today_pages.assign_tasks, name="assign_tasks"),
]
