"""Middleware of the shell."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve

from tongchou.shell.csp import POLICY


class ContentSecurityPolicy:
    """Sends the policy with every answer that does not bring its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response


class SentAnew:
    """A page instead of nothing where an address that only takes what is sent is opened.

    One gets there by signing in anew in the middle of a form, or by loading a refused form again;
    an empty answer looks like a program that broke.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        reads = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        empty = isinstance(response, HttpResponse) and not response.content
        if response.status_code != 405 or not reads or not empty:
            return response
        page = render(request, "405.html", {"back": _above(request.path)}, status=405)
        page.headers["Allow"] = response.headers.get("Allow", "POST")
        return page


def _above(path: str) -> str:
    """The nearest address above that leads somewhere."""
    parts = path.strip("/").split("/")[:-1]
    while parts:
        above = f"/{'/'.join(parts)}/"
        try:
            resolve(above)
        except Resolver404:
            parts.pop()
        else:
            return above
    return "/"
