"""What is played once the pages are served: one part after another, in one thread.

Each writes in a transaction of its own. Side by side they would wait for one another, and on a busy
machine longer than SQLite lets anybody wait.
"""

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import close_old_connections
from django.utils import timezone

log = logging.getLogger("tongchou.worker")

#: The first pages are asked for right after the start; seconds.
QUIET = 8.0


class Play(Protocol):
    def __call__(self, *, now: datetime) -> Any: ...


@dataclass(frozen=True)
class Part:
    """`missing` says whether it is still to be played; a part that fails leaves the others be."""

    name: str
    missing: Any
    play: Play


def in_background(parts: Iterable[Part]) -> None:
    """Play the parts that are missing, in this order, a moment from now."""
    timer = threading.Timer(QUIET, play, args=(tuple(parts),))
    timer.daemon = True
    timer.start()


def play(parts: Iterable[Part]) -> None:
    try:
        for part in parts:
            try:
                if part.missing():
                    part.play(now=timezone.now())
            except Exception:  # the demo is whole without it
                log.exception("the demo's %s were not played", part.name)
    finally:
        close_old_connections()
