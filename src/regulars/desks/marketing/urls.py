"""Addresses of the marketing desk."""

from typing import Final

from django.urls import path, re_path

from regulars.desks.marketing import people_pages, rfm_pages, today_pages

app_name = "marketing"
urlpatterns: Final = [
    path("", today_pages.first_page, name="today"),
    path("today/bucket/", today_pages.bucket, name="bucket"),
    path("today/lapse-tasks/", today_pages.assign_tasks, name="assign_tasks"),
    path("people/", people_pages.people, name="people"),
    path("rfm/", rfm_pages.rfm, name="rfm"),
    re_path(r"^rfm/(?P<which>map|flow|health)/$", rfm_pages.part, name="rfm_part"),
]
