"""`tongchou serve`: pages and worker of an instance; one command starts and stops both."""

import argparse
import os
import socket
import threading
from contextlib import suppress
from typing import Any

from django.db import connections

from tongchou.site import worker
from tongchou.site.migrating import migrate


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=int, default=8000, help="port on this machine (default 8000)"
    )
    parser.add_argument(
        "--address", default="127.0.0.1", help="address to listen on (default: this machine only)"
    )
    parser.add_argument("--workers", type=int, default=1, help="serving processes (default 1)")
    parser.add_argument(
        "--no-worker", action="store_true", help="pages only; run `worker` elsewhere"
    )


def run(options: argparse.Namespace) -> int:
    port = free_port(options.address, options.port)
    migrate()
    print(f"Tongchou 统筹: http://{options.address}:{port}/  (Ctrl+C stops it)", flush=True)
    serve(options.address, port, workers=options.workers, with_worker=not options.no_worker)
    return 0


def free_port(address: str, wanted: int) -> int:
    """`wanted`, or the next port nobody listens on: a second demo beside the first just works."""
    for port in range(wanted, wanted + 50):
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind((address, port))
                return port
    raise SystemExit(f"tongchou: ports {wanted} to {wanted + 49} are all taken; choose --port")


def serve(address: str, port: int, *, workers: int = 1, with_worker: bool = True) -> None:
    """Serve until interrupted. Four threads a process: each holds a database connection."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongchou.site.settings")
    stop = threading.Event()
    hand = threading.Thread(target=worker.work, args=(stop,), name="worker", daemon=True)

    class Server(Granian):  # type: ignore[misc]
        def startup(self, *given: Any) -> None:
            super().startup(*given)
            if with_worker:
                hand.start()

    server = Server(
        "tongchou.site.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        websockets=False,
        log_access=False,
        log_level=LogLevels.error,
    )
    # The serving process is forked. SQLite forked in the middle of a write remembers that write's
    # lock for ever, and every page that saves something waits for it in vain: so nothing is open
    # when the fork happens, and the worker begins after it.
    connections.close_all()
    try:
        server.serve()
    finally:
        stop.set()
        if hand.is_alive():
            hand.join(timeout=10)
