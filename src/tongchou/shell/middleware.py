"""Middleware of the shell."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from tongchou.shell.csp import POLICY


class ContentSecurityPolicy:
    """Sends the policy with every answer that does not bring its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response
