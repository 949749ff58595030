"""The icon set: our own line drawings on a 24 by 24 grid, inlined to take the text colour.

Each value is what stands inside the <svg>. Add one here and it shows in the gallery.
"""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


def _d(*paths: str) -> str:
    return "".join(f'<path d="{p}"/>' for p in paths)


PATHS: dict[str, str] = {
    "alert": _d("M12 4 2.8 20h18.4Z", "M12 10v4.5", "M12 17.2v.3"),
    "area": _d("M3 6.5 9 4l6 2.5L21 4v13.5L15 20l-6-2.5L3 20Z", "M9 4v13.5", "M15 6.5V20"),
    "arrow-right": _d("M4 12h15", "m13 6 6 6-6 6"),
    "audit": _d("M6 3h9l4 4v14H6Z", "M14 3v5h5", "m9 14.5 2 2 4-4"),
    "bed": _d("M3 6v13", "M3 16h18v3", "M21 16v-3a3 3 0 0 0-3-3h-7v6", "M7 13.2v.1"),
    "bell": _d("M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15Z", "M10 20.5h4"),
    "building": _d(
        "M5 21V4h10v17", "M15 10h4v11", "M3 21h18", "M8.5 8h3", "M8.5 12h3", "M8.5 16h3"
    ),
    "bus": _d(
        "M4 17V6.5C4 5 5 4 6.5 4h11C19 4 20 5 20 6.5V17Z",
        "M4 11.5h16",
        "M7 17v3",
        "M17 17v3",
        "M7.5 14.3v.1",
        "M16.5 14.3v.1",
    ),
    "calendar": _d("M4 6h16v14H4Z", "M4 10.5h16", "M8 3.5V8", "M16 3.5V8"),
    "case": _d("M9 4h6v3H9Z", "M9 5.5H5V21h14V5.5h-4", "M12 11v6", "M9 14h6"),
    "chart": _d("M4 4v16h16", "M8 16v-4", "M12 16V8", "M16 16v-6"),
    "check": _d("m4.5 12.5 5 5 10-11"),
    "chevron-down": _d("m6 9 6 6 6-6"),
    "chevron-left": _d("m15 6-6 6 6 6"),
    "chevron-right": _d("m9 6 6 6-6 6"),
    "clock": '<circle cx="12" cy="12" r="8.5"/>' + _d("M12 7v5.2l3.5 2"),
    "close": _d("m6 6 12 12", "M18 6 6 18"),
    "command": _d(
        "M12 3 4 6.5v5c0 4.7 3.2 8 8 9.5 4.8-1.5 8-4.8 8-9.5v-5Z", "m8.5 12 2.5 2.5 4.5-5"
    ),
    "copy": _d("M9 9h11v11H9Z", "M5 15H4V4h11v1"),
    "diff": _d("M6 4v16", "M18 4v16", "M3.5 8.5h5", "M15.5 15.5h5", "M10.5 12h3"),
    "document": _d("M6 3h9l4 4v14H6Z", "M14 3v5h5", "M9 13h6", "M9 17h6"),
    "download": _d("M12 4v11", "m7 11 5 5 5-5", "M4 20h16"),
    "edit": _d("m4 20 1-4.5L16.5 4 20 7.5 8.5 19Z", "m14 6.5 3.5 3.5"),
    "external": _d("M14 4h6v6", "m20 4-9 9", "M18 14v6H4V6h6"),
    "filter": _d("M3.5 5h17l-6.5 8v6l-4-2v-4Z"),
    "flag": _d("M5 21V4", "M5 4.5h12l-2.5 4 2.5 4H5"),
    "gap": _d(
        "M9.2 3.9a8.5 8.5 0 0 0 0 16.2", "M14.8 3.9a8.5 8.5 0 0 1 0 16.2", "M12 2.5v3", "M12 18.5v3"
    ),
    "globe": '<circle cx="12" cy="12" r="8.5"/>'
    + _d("M3.5 12h17", "M12 3.5c-5 5.5-5 11.5 0 17", "M12 3.5c5 5.5 5 11.5 0 17"),
    "graph": '<circle cx="6" cy="6" r="2.5"/><circle cx="18" cy="9" r="2.5"/>'
    '<circle cx="9" cy="18" r="2.5"/>'
    + _d("m8.4 6.6 7.2 1.8", "m6.6 8.4 1.8 7.2", "m16.3 10.9-5.6 5.4"),
    "help": '<circle cx="12" cy="12" r="8.5"/>'
    + _d("M9.5 9.5a2.5 2.5 0 1 1 2.5 3v1.5", "M12 16.8v.2"),
    "history": _d("M4 5v5h5", "M4.5 10A8 8 0 1 1 4 13.5", "M12 8v4.5l3 1.8"),
    "home": _d("m3.5 11.5 8.5-8 8.5 8", "M6 10v10h12V10", "M10 20v-5.5h4V20"),
    "hospital": _d("M5 21V5h14v16", "M3 21h18", "M12 8v6", "M9 11h6", "M10 21v-3.5h4V21"),
    "import": _d("M12 15V4", "m7 8.5 5-5 5 5", "M4 14v6h16v-6"),
    "info": '<circle cx="12" cy="12" r="8.5"/>' + _d("M12 11v5.5", "M12 7.6v.2"),
    "key": '<circle cx="8" cy="15.5" r="4"/>' + _d("m11 12.5 8-8", "m15.5 8 3 3"),
    "lock": _d("M5.5 11h13v9.5h-13Z", "M8.5 11V7.5a3.5 3.5 0 0 1 7 0V11", "M12 14.8v2"),
    "loop": _d(
        "M19.5 9A8 8 0 0 0 5 8", "M4.5 15A8 8 0 0 0 19 16", "M5 3.5V8h4.5", "M19 20.5V16h-4.5"
    ),
    "menu": _d("M4 7h16", "M4 12h16", "M4 17h16"),
    "minus": _d("M5 12h14"),
    "moon": _d("M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z"),
    "more": '<circle cx="5.5" cy="12" r="1"/><circle cx="12" cy="12" r="1"/>'
    '<circle cx="18.5" cy="12" r="1"/>',
    "my-turn": _d("M3.5 14h5l1.5 2.5h4l1.5-2.5h5", "M3.5 14 6 5h12l2.5 9v6h-17Z"),
    "people": '<circle cx="9" cy="8" r="3.5"/>'
    + _d(
        "M2.5 20c0-4 2.8-6.5 6.5-6.5s6.5 2.5 6.5 6.5",
        "M15.5 4.8a3.5 3.5 0 0 1 0 6.4",
        "M17.5 14c2.5.8 4 3 4 6",
    ),
    "person": '<circle cx="12" cy="8" r="3.8"/>' + _d("M4.5 20.5c0-4.3 3.2-7 7.5-7s7.5 2.7 7.5 7"),
    "phone": _d(
        "M6 3.5h3l1.5 4.5-2 1.5a12 12 0 0 0 6 6l1.5-2 4.5 1.5v3"
        "c0 1.4-1 2.5-2.5 2.5A15 15 0 0 1 3.5 6C3.5 4.5 4.6 3.5 6 3.5Z"
    ),
    "pin": _d("M12 21.5C7.5 16.5 5 13 5 10a7 7 0 0 1 14 0c0 3-2.5 6.5-7 11.5Z")
    + '<circle cx="12" cy="10" r="2.5"/>',
    "playbook": _d(
        "M12 6.5C10 4.8 7 4 3.5 4v15c3.5 0 6.5.8 8.5 2.5 2-1.7 5-2.5 8.5-2.5V4C17 4 14 4.8 12 6.5Z",
        "M12 6.5V21.5",
    ),
    "plus": _d("M12 5v14", "M5 12h14"),
    "print": _d("M7 9V3.5h10V9", "M7 17.5H3.5V9h17v8.5H17", "M7 14h10v6.5H7Z"),
    "quarantine": _d(
        "m3.5 11.5 8.5-8 8.5 8", "M6 10v10h12V10", "M9.5 16.5v-3a2.5 2.5 0 0 1 5 0v3Z"
    ),
    "refresh": _d("M19.5 5v5h-5", "M19.2 10A8 8 0 1 0 20 13.5"),
    "review": _d("M4 5h16v11H11l-4 4v-4H4Z", "M8 9h8", "M8 12.5h5"),
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/>' + _d("m15.5 15.5 5 5"),
    "settings": _d("M4 7h9", "M17 7h3", "M4 17h3", "M11 17h9")
    + '<circle cx="15" cy="7" r="2.2"/><circle cx="9" cy="17" r="2.2"/>',
    "shield": _d("M12 3 4 6.5v5c0 4.7 3.2 8 8 9.5 4.8-1.5 8-4.8 8-9.5v-5Z"),
    "sort": _d("m8 9 4-4.5L16 9", "m8 15 4 4.5L16 15"),
    "sort-down": _d("M12 5v14", "m7 14 5 5 5-5"),
    "sort-up": _d("M12 19V5", "m7 10 5-5 5 5"),
    "stop": '<circle cx="12" cy="12" r="8.5"/>' + _d("m6 6 12 12"),
    "sun": '<circle cx="12" cy="12" r="4"/>'
    + _d(
        "M12 2.5v2.5",
        "M12 19v2.5",
        "M2.5 12H5",
        "M19 12h2.5",
        "m5.3 5.3 1.7 1.7",
        "m17 17 1.7 1.7",
        "m5.3 18.7 1.7-1.7",
        "m17 7 1.7-1.7",
    ),
    "table": _d("M3.5 5h17v14h-17Z", "M3.5 10h17", "M3.5 14.5h17", "M9.5 10v9"),
    "theme": '<circle cx="12" cy="12" r="8.5"/>'
    + '<path d="M12 3.5a8.5 8.5 0 0 1 0 17Z" fill="currentColor" stroke="none"/>',
    "tracing": '<circle cx="5.5" cy="18" r="2.5"/><circle cx="18.5" cy="6" r="2.5"/>'
    + _d("M8 18h5a3.5 3.5 0 0 0 0-7h-2a3 3 0 0 1 0-5h5"),
    "tube": _d("M8.5 3.5h7", "M9.5 3.5V18a2.5 2.5 0 0 0 5 0V3.5", "M9.5 12h5"),
    "undo": _d("M9 5 4 10l5 5", "M4 10h10a5.5 5.5 0 0 1 0 11h-3"),
    "upload": _d("M12 15V4", "m7 8.5 5-5 5 5", "M4 20h16"),
    "wall": _d("M3 5h18v11H3Z", "M12 16v4", "M8 20h8"),
    "who": '<circle cx="9" cy="8" r="3.5"/>'
    + _d("M2.5 20c0-4 2.8-6.5 6.5-6.5 1.5 0 2.8.4 3.9 1.1", "m14.5 17.5 2.5 2.5 4.5-5"),
}


def svg(name: str, label: str = "") -> SafeString:
    """The drawing, hidden from screen readers unless it has a label of its own."""
    body = PATHS.get(name)
    if body is None:
        raise LookupError(f"There is no icon {name!r}. There are: {', '.join(sorted(PATHS))}.")
    inner = mark_safe(body)
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>',
            label,
            inner,
        )
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>', inner
    )
