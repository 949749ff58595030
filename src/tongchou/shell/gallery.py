"""Sample data for the gallery page: every component, in every state, with believable content."""

from typing import Any

from django.http import HttpRequest


def context(request: HttpRequest) -> dict[str, Any]:
    return {}
