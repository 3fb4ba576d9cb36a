"""Addresses of the marketing desk."""

from typing import Final

from django.urls import path, re_path, register_converter
from django.urls.converters import StringConverter

from regulars.desks.marketing import campaign_pages, people_pages, recheck_pages, rfm_pages, segment_pages, today_pages
from regulars.rules.page_keys import PATTERN


class PageKey(StringConverter):
    """`<page_key:key>`: the key of a segment or a campaign, dots and all."""

    regex = PATTERN


register_converter(PageKey, "page_key")

app_name = "marketing"
urlpatterns: Final = [
    path("", today_pages.first_page, name="today"),
    path("today/bucket/", today_pages.bucket, name="bucket"),
    path("today/lapse-tasks/", today_pages.assign_tasks, name="assign_tasks"),
    path("people/", people_pages.people, name="people"),
    path("people/recheck/", recheck_pages.recheck, name="recheck"),
    path("rfm/", rfm_pages.rfm, name="rfm"),
    re_path(r"^rfm/(?P<which>map|flow|health)/$", rfm_pages.part, name="rfm_part"),
    path("segments/", segment_pages.all_segments, name="segments"),
    path("segments/new/", segment_pages.new_segment, name="new_segment"),
    path("segments/try/", segment_pages.try_rule, name="try_rule"),
    path("ready-segments/<slug:key>/", segment_pages.take_ready, name="take_ready"),
    path("segments/<page_key:key>/", segment_pages.one_segment, name="segment"),
    path("segments/<page_key:key>/why/", segment_pages.why, name="why_in_segment"),
    path("segments/<page_key:key>/names/", segment_pages.rename, name="rename_segment"),
    path("segments/<page_key:key>/away/", segment_pages.retire, name="retire_segment"),
    path("campaigns/", campaign_pages.all_campaigns, name="campaigns"),
    path("campaigns/new/", campaign_pages.new_campaign, name="new_campaign"),
    path("campaigns/funnel/", campaign_pages.preview, name="campaign_preview"),
    path("campaigns/<page_key:key>/", campaign_pages.one_campaign, name="campaign"),
    path("campaigns/<page_key:key>/people/", campaign_pages.contacts, name="contacts"),
    path("campaigns/<page_key:key>/profile/", campaign_pages.profile, name="campaign_profile"),
    path("campaigns/<page_key:key>/progress/", campaign_pages.progress, name="campaign_progress"),
    re_path(
        r"^campaigns/(?P<key>[\w.-]+)/(?P<what>prepare|test|send|answers|judge|roll-out|finish|stop)/$",
        campaign_pages.act,
        name="act",
    ),
]
