"""View helpers that every desk uses, and the shell's own two addresses: theme and gallery."""

import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongchou.shell.context import THEME_COOKIE, THEMES

YEAR = 365 * 24 * 3600


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page; going back through history wants all of it."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-History-Restore-Request") != "true"
        and request.headers.get("HX-Boosted") != "true"
    )


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    fragment: str = "",
    status: int = 200,
) -> HttpResponse:
    """The whole page, or its fragment where htmx asks: one view, one context, two templates."""
    name = fragment if fragment and wants_fragment(request) else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def go(request: HttpRequest, to: str) -> HttpResponse:
    """Leads on after an action, for a plain form and for htmx alike."""
    if wants_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    return HttpResponseRedirect(to)


def toast(response: HttpResponse, text: Any, *, tone: str = "ok", undo: str = "") -> HttpResponse:
    """Adds a short message that htmx shows; `undo` is an address that takes the act back."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    events["toast"] = {"text": str(text), "tone": tone}
    if undo:
        events["toast"] |= {"undo": undo, "undo_label": _("Undo")}
    response["HX-Trigger"] = json.dumps(events)  # ASCII: a header carries nothing else
    return response


def back_to(request: HttpRequest, otherwise: str = "/") -> str:
    """The `next` of a form where it leads back into this site, else `otherwise`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else otherwise


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keeps the chosen look in a cookie; the way without JavaScript."""
    response = HttpResponseRedirect(back_to(request))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(THEME_COOKIE, chosen, max_age=YEAR, samesite="Lax")
    return response


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component once, in all its states; only in a demo or while developing."""
    if not (settings.DEBUG or getattr(settings, "SHELL_GALLERY", False)):
        raise Http404
    from tongchou.shell import gallery as samples

    return page(request, "shell/gallery.html", samples.context(request))
