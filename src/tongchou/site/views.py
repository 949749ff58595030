"""The pages that belong to no room."""

from django.contrib.auth.decorators import login_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLResolver, set_urlconf
from django.urls.resolvers import RegexPattern
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from tongchou.shell import frame, navigation
from tongchou.shell import views as shell
from tongchou.site import searching
from tongchou.staff.queries import scope_of


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 once pages can be served: the process answers and so does its database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return JsonResponse({"status": "no database", "reason": str(error)}, status=503)
    return JsonResponse({"status": "ok"})


@csrf_exempt  # whoever calls it signs in with a token, not with a cookie
def api(request: HttpRequest, rest: str) -> HttpResponse:
    """Hand the request to the API, which is loaded when somebody first asks for it."""
    addresses = "tongchou.site.api"
    found = URLResolver(RegexPattern(r"^/"), addresses).resolve(request.path_info)
    set_urlconf(addresses)
    try:
        answer: HttpResponse = found.func(request, *found.args, **found.kwargs)
        return answer
    finally:
        set_urlconf(None)


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The first page of this person's menu: the command room for who commands, else my turn."""
    items = navigation.items(path=request.path, roles=frame.of(request).roles)
    pages = [item.url for item in items]
    return redirect(
        next((page for page in pages if page not in ("", request.path)), "account_logout")
    )


@require_safe
@login_required
def search(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    text = request.GET.get("q", "")
    found = searching.search(text, scope_of(request.user, now=now), now=now)
    if len(found) == 1 and found[0].url:
        return redirect(found[0].url)
    return shell.page(request, "site/search.html", {"q": text, "found": found})
