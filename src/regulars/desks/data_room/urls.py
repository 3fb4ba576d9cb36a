"""Addresses of the data room."""

from typing import Final

from django.urls import path

from regulars.desks.data_room import attribute_pages, bring_pages, import_pages, source_pages, stream_pages

app_name = "data_room"
IMPORT: Final = "imports/<int:run_id>/"
urlpatterns: Final = [
    path("", source_pages.sources, name="sources"),
    path("sources/new/", source_pages.new_source, name="new_source"),
    path("sources/<int:source_id>/", source_pages.source, name="source"),
    path("streams/", stream_pages.streams, name="streams"),
    path("streams/<int:key_id>/end/", stream_pages.end_key, name="end_key"),
    path("attributes/", attribute_pages.attributes, name="attributes"),
    path("attributes/fill/", attribute_pages.fill_attribute, name="fill_attribute"),
    path("attributes/<slug:key>/", attribute_pages.class_attribute, name="class_attribute"),
    path("attributes/<slug:key>/retire/", attribute_pages.retire_attribute, name="retire_attribute"),
    path("bring/", bring_pages.bring, name="bring"),
    path(f"{IMPORT}columns/", bring_pages.columns, name="columns"),
    path(f"{IMPORT}trial/", bring_pages.trial, name="trial"),
    path(f"{IMPORT}forget/", bring_pages.forget_file, name="forget"),
    path(f"{IMPORT}start/", import_pages.start_import, name="start"),
    path(f"{IMPORT}stop/", import_pages.stop_import, name="stop"),
    path(IMPORT, import_pages.show, name="import"),
    path(f"{IMPORT}progress/", import_pages.progress, name="progress"),
    path(f"{IMPORT}set-aside/", import_pages.set_aside, name="set_aside"),
    path(f"{IMPORT}set-aside.csv", import_pages.set_aside_csv, name="set_aside_csv"),
]
