"""`{% load shell %}`: the tags every desk's templates are written with.

Each tag is a few lines over a plain function elsewhere in the shell, which is where it is tested.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongchou.shell import icons, moments, sparks

register = template.Library()

TONES = ("ok", "warn", "bad", "info", "quiet", "accent")
TONE_ICONS = {"ok": "check", "warn": "bell", "bad": "alert", "info": "info"}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """`{% icon "search" %}`, or with a label where the icon stands alone."""
    return icons.svg(name, label)


@register.simple_tag
def badge(text: Any, tone: str = "quiet", icon: str = "") -> SafeString:
    """A state in one or two words. Tone: ok, warn, bad, info, quiet, accent."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"badge: tone {tone!r} is not one of {', '.join(TONES)}")
    name = icon or TONE_ICONS.get(tone, "")
    return format_html(
        '<span class="badge is-{}">{}{}</span>', tone, icons.svg(name) if name else "", text
    )


@register.simple_tag
def tempo(value: str) -> SafeString:
    """Peace or war as a badge that differs in word, shape and colour."""
    if str(value) == "war":
        return format_html(
            '<span class="tempo is-war">{}{}</span>', icons.svg("alert"), _("War tempo")
        )
    return format_html(
        '<span class="tempo is-peace">{}{}</span>', icons.svg("check"), _("Peace tempo")
    )


@register.simple_tag(takes_context=True)
def clock(
    context: template.Context,
    due_at: datetime | None,
    now: datetime | None = None,
    opened_at: datetime | None = None,
    done_at: datetime | None = None,
) -> SafeString:
    """`{% clock leg.due_at now %}`: "1h 20m left", "late 3h"; with `done_at` how it ended."""
    if not due_at:
        return format_html('<span class="clock is-quiet">{}</span>', _("no deadline"))
    now = now or context.get("now") or timezone.now()
    state = moments.clock(due_at, now, opened_at=opened_at, done_at=done_at)
    return format_html(
        '<time class="clock is-{}" datetime="{}" title="{}">{}{}</time>',
        state.tone,
        state.due_at.isoformat(timespec="seconds"),
        _("due %s") % state.exact,
        icons.svg(state.icon),
        state.text,
    )


@register.simple_tag(takes_context=True)
def stamp(context: template.Context, at: datetime | None) -> SafeString:
    """A point in time, with as much of the date as today leaves unclear."""
    if not at:
        return format_html('<span class="is-missing">{}</span>', "–")
    return format_html(
        '<time datetime="{}" title="{}"{}>{}</time>',
        at.isoformat(timespec="seconds"),
        timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S %z"),
        _day_left_out(at, now=context.get("now")),
        moments.stamp(at, now=context.get("now")),
    )


def _day_left_out(at: datetime, *, now: datetime | None) -> SafeString:
    """The day that a stamp of today leaves out: on paper it is put before it."""
    day = timezone.localdate(at)
    if now is None or day != timezone.localdate(now):
        return SafeString("")
    return format_html(' data-day="{}"', day.isoformat())


@register.simple_tag(takes_context=True)
def asof(
    context: template.Context,
    at: datetime | None,
    source: Any = "",
    stale_after: int | None = None,
) -> SafeString:
    """The time a number was true at, and its source; missing and stale (minutes) look so."""
    if not at:
        return format_html(
            '<span class="asof is-missing">{}{}{}</span>',
            icons.svg("alert"),
            _("no data yet"),
            f" · {source}" if source else "",
        )
    now = context.get("now") or timezone.now()
    stale = stale_after is not None and now - at > timedelta(minutes=int(stale_after))
    return format_html(
        '<span class="asof{}">{}{} <time datetime="{}"{}>{}</time>{}</span>',
        " is-stale" if stale else "",
        icons.svg("alert") if stale else "",
        _("stale, as of") if stale else _("as of"),
        at.isoformat(timespec="seconds"),
        _day_left_out(at, now=now),
        moments.stamp(at, now=now),
        f" · {source}" if source else "",
    )


@register.simple_tag
def sparkline(values: Sequence[float | None], title: Any = "") -> SafeString:
    """`{% sparkline counts title=_("cases, last 14 days") %}`."""
    known = [v for v in values if v is not None]
    words = str(title) or _("trend")
    if known:
        words = _("%(what)s: from %(first)s to %(last)s, highest %(high)s") % {
            "what": words,
            "first": _number(known[0]),
            "last": _number(known[-1]),
            "high": _number(max(known)),
        }
    return sparks.sparkline(values, words)


@register.simple_tag
def bar(value: float, total: float, title: Any = "", tone: str = "", words: Any = "") -> SafeString:
    """`{% bar done all title=_("in time") %}`: a share drawn, its numbers or `words` beside it."""
    counted = {"value": _number(value), "total": _number(total)}
    words = words or _("%(value)s of %(total)s") % counted
    drawn = sparks.bar(value, total, f"{title}: {words}" if title else words, tone)
    return format_html(
        '<span class="bar-box">{}<span class="bar-words">{}</span></span>', drawn, words
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


@register.simple_tag
def print_button() -> SafeString:
    """A button that opens the browser's print dialog; shown only where scripts run."""
    words = _("Print")
    return format_html(
        '<button class="button" type="button" data-print hidden>{}{}</button>',
        icons.svg("print"),
        words,
    )


@register.filter
def number(value: Any) -> str:
    """Digits grouped by three; a missing number is a dash, never zero."""
    return "–" if value is None or value == "" else _number(float(value))


@register.filter
def percent(value: float | None, places: int = 0) -> str:
    """A share between 0 and 1 as percent; a missing one is a dash."""
    return "–" if value is None else f"{value * 100:.{int(places)}f}%"


@register.simple_tag
def person(key: Any, url: str = "", label: Any = "") -> SafeString:
    """A person by pseudonym; the name itself is shown only by `people`, with a purpose."""
    words = str(label) or str(key)
    inner = format_html("{}<bdi>{}</bdi>", icons.svg("person"), words)
    title = _("pseudonym %s") % key
    if url:
        return format_html('<a class="person" href="{}" title="{}">{}</a>', url, title, inner)
    return format_html('<span class="person" title="{}">{}</span>', title, inner)


@register.inclusion_tag("shell/_field.html")
def field(bound: BoundField, hint: Any = "", wide: bool = False) -> dict[str, Any]:
    """`{% field form.phone %}`: label, control, hint and errors, tied for screen readers."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "") or type(widget).__name__.lower()
    attrs: dict[str, Any] = {"class": widget.attrs.get("class", "input")}
    described = []
    words = hint or bound.help_text
    if words:
        described.append(f"{bound.auto_id}_hint")
    if bound.errors:
        attrs["aria-invalid"] = "true"
        described.append(f"{bound.auto_id}_error")
    if described:
        attrs["aria-describedby"] = " ".join(described)
    many = kind in ("radioselect", "checkboxselectmultiple", "radio") or (
        kind == "checkbox" and hasattr(widget, "choices")
    )
    return {
        "field": bound,
        "control": bound.as_widget(attrs=attrs if not many else {}),
        "hint": words,
        "group": many,
        "tick": kind == "checkbox" and not many,
        "wide": wide,
        "hidden": bound.is_hidden,
    }


@register.inclusion_tag("shell/_empty.html")
def empty_state(
    title: Any, text: Any = "", action: str = "", action_label: Any = "", icon: str = "check"
) -> dict[str, Any]:
    """Says why a list is empty and what to do next; `action` is an address."""
    return {
        "title": title,
        "text": text,
        "action": action,
        "action_label": action_label or _("Go on"),
        "icon": icon,
    }


def _with(request: HttpRequest, **changes: Any) -> str:
    """This page's query string with some values changed; None takes one out."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.inclusion_tag("shell/_pager.html", takes_context=True)
def pager(context: template.Context, page: Any, target: str = "") -> dict[str, Any]:
    """`{% pager page %}` for a `paging.Keyset` or `paging.Numbered` page; keeps the filters."""
    request = context["request"]
    drop = dict.fromkeys(("after", "before", "page"))
    return {
        "page": page,
        "target": target,
        "previous": page.previous and _with(request, **(drop | page.previous)),
        "next": page.next and _with(request, **(drop | page.next)),
        "first": _with(request, **drop) if page.previous else "",
    }


@register.inclusion_tag("shell/_sort_link.html", takes_context=True)
def sort_link(context: template.Context, key: str, label: Any, default: str = "") -> dict[str, Any]:
    """A column head that sorts: `?sort=key`, again `?sort=-key`."""
    request = context["request"]
    now = request.GET.get("sort", default)
    down = now == f"-{key}"
    changes = {
        "after": None,
        "before": None,
        "page": None,
        "sort": f"-{key}" if now == key else key,
    }
    return {
        "label": label,
        "url": _with(request, **changes),
        "icon": "sort-up" if now == key else "sort-down" if down else "sort",
        "state": _("sorted ascending") if now == key else _("sorted descending") if down else "",
        "on": now in (key, f"-{key}"),
    }


@register.inclusion_tag("shell/_export_links.html", takes_context=True)
def export_links(
    context: template.Context, action: str = "", count: int | None = None
) -> dict[str, Any]:
    """A button that asks for a reason, then posts it with `format` and filters to `action`."""
    request = context["request"]
    filters = [(k, v) for k, values in request.GET.lists() for v in values]
    return {
        "action": action or request.path,
        "filters": filters,
        "count": count,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("shell/_chart.html")
def chart(item: Any, id: str, label: Any = "", table: Any = None, size: str = "") -> dict[str, Any]:
    """`{% chart curve "epi-curve" %}`: a `charts.Chart` and, beside it, its numbers as a table.

    Takes the bare `item` of one too. The label is what a screen reader says; it defaults to the
    chart's own sentence. Size: s, m, l, xl.
    """
    if hasattr(item, "item"):
        table = table or item.table
        label = label or item.alt
        item = item.item
    return {
        "id": id,
        "label": label or _("Chart"),
        "table": table,
        "size": size or item.get("size", "m"),
        "json": _json({"item": item["item"], "dark": item["dark"]}),
    }


def _json(value: Any) -> SafeString:
    """JSON that cannot end its own <script>."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    for char, escape in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):
        text = text.replace(char, escape)
    return SafeString(text)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """`<a href="{% query stage='opened' %}">`: this page with another filter."""
    return _with(context["request"], **(dict.fromkeys(("after", "before", "page")) | changes))


@register.simple_tag(takes_context=True)
def again(context: template.Context, name: str) -> Any:
    """Renders a block of the page a second time: `<title>` and the heading are one block."""
    inner: Any = context.render_context
    blocks = inner.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return block.render(context) if block else ""


@register.simple_tag(takes_context=True)
def my_turn_count(context: template.Context) -> int | None:
    """How many wait for the reader; a view's own number goes before the frame's."""
    if "my_turn_count" in context:
        own: int | None = context["my_turn_count"]
        return own
    shell: Any = context.get("shell")
    return shell["frame"].my_turn_count if shell else None


MESSAGE_TONES = {"success": "ok", "warning": "warn", "error": "bad"}


@register.filter
def tone(message: Any) -> str:
    """The tone of a Django message."""
    return MESSAGE_TONES.get(message.level_tag, "info")


@register.filter
def tone_icon(tone: str) -> str:
    """The icon that says a tone without its colour."""
    return TONE_ICONS.get(tone, "info")
