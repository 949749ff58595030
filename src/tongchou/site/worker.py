"""`tongchou worker`: does the periodic work until it is told to stop.

Several may run on several machines; each job is claimed in the database.
"""

import argparse
import logging
import signal
import threading
from types import FrameType

from django.db import DatabaseError

from tongchou.site import schedule

log = logging.getLogger("tongchou.worker")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="one round, then stop")


def run(options: argparse.Namespace) -> int:
    if options.once:
        print(f"{schedule.turn()} jobs ran")
        return 0
    stop = threading.Event()

    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
    work(stop)
    return 0


def work(stop: threading.Event, *, pause: float = 1.0) -> None:
    """Go round until `stop`; a database that is away for a while is waited for."""
    while not stop.is_set():
        try:
            schedule.turn()
        except DatabaseError as error:
            log.warning("the database does not answer, trying again: %s", error)
        stop.wait(pause)
