"""Addresses: every room under its own name, and the few pages that belong to nobody."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from tongchou.site import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("healthz", views.healthz, name="healthz"),
    path("language/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/<path:rest>", views.api),
]
urlpatterns += [
    path(f"{room}/", include(f"tongchou.{room}.urls"))
    for room in settings.ROOMS
    if find_spec(f"tongchou.{room}.urls")
]
