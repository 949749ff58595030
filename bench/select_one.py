"""The site with one page more: the frame that every page has, and `SELECT 1`."""

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from tongchou.site.urls import urlpatterns as site

_PAGE = engines["django"].from_string(
    '{% extends "shell/base.html" %}{% block title %}SELECT 1{% endblock %}'
    "{% block content %}<p>{{ one }}</p>{% endblock %}"
)


@login_required
def select_one(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        one = cursor.fetchone()[0]
    return HttpResponse(_PAGE.render({"one": one}, request))


urlpatterns = [*site, path("select-1/", select_one)]
