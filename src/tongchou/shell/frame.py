"""What the frame around every page shows of the city; handed in by the site.

The shell lies below areas, staff and ledger and cannot ask them. `settings.SHELL_FRAME` is the
dotted path of a function that takes the request and returns a `Frame`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Frame:
    """The city as the header and footer show it.

    `roles` None shows the whole menu. `my_turn_count` None hides the counter, since an
    unknown number is not zero. `data_at` is the time the records were last written.
    """

    area_code: str = ""
    area_name: str = ""
    tempo: str = ""
    roles: frozenset[str] | None = None
    my_turn_count: int | None = None
    data_at: datetime | None = None
    playbook: str = ""
    user_label: str = ""
    user_note: str = ""


def of(request: HttpRequest) -> Frame:
    """The frame of this request; an empty one where the site gives none."""
    path = getattr(settings, "SHELL_FRAME", "")
    if not path:
        return Frame()
    give: Any = import_string(path)
    frame = give(request)
    if not isinstance(frame, Frame):
        raise TypeError(f"{path} must return a tongchou.shell.frame.Frame")
    return frame
