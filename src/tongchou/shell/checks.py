"""Checks that an entry of the navigation leads somewhere; a missing page is said, not hidden."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning, register

from tongchou.shell import icons, navigation


@register()
def navigation_leads_somewhere(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Every registered entry and link reverses to a page and has an icon of the set."""
    found: list[CheckMessage] = []
    for entry in navigation.registered():
        if not navigation.address(entry.url_name):
            found.append(
                Warning(
                    f"Navigation entry {entry.room!r} names {entry.url_name!r}, which is no page.",
                    hint="Include the room's urls in the site, or mend the name.",
                    id="shell.W001",
                )
            )
        if entry.icon not in icons.PATHS:
            found.append(
                Warning(
                    f"Navigation entry {entry.room!r} asks for the unknown icon {entry.icon!r}.",
                    hint=f"One of: {', '.join(sorted(icons.PATHS))}.",
                    id="shell.W002",
                )
            )
    return found
