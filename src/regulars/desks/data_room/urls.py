"""Addresses of this desk."""

urlpatterns: list[object] = []
