"""`tongchou screenshots`: the pictures of the README and the handbook, taken of the demo city.

Needs a checkout, its development packages and a Chromium.
"""

import argparse
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tongchou.site.checkout import ROOT, need_checkout
from tongchou.site.cli import Wrong
from tongchou.site.options import DEMO_PASSWORD


@dataclass(frozen=True)
class Picture:
    """One picture: who looks at what, in which language, how wide."""

    name: str
    user: str
    path: str
    width: int = 1280
    height: int = 860
    locale: str = "en-GB"
    dark: bool = False


PICTURES = (
    Picture("command-room", "commander", "/command/"),
    Picture("command-room-zh", "commander", "/command/", locale="zh-CN"),
    Picture("my-turn", "cdc", "/ledger/my-turn/"),
    Picture("case", "cdc", "/cases/3/"),
    Picture("tracing-zh", "tracer", "/tracing/", locale="zh-CN"),
    Picture("quarantine-phone-zh", "community", "/quarantine/", 390, 844, "zh-CN"),
    Picture("who-answers", "steward", "/staff/who/", dark=True),
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-background-networking",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "images", metavar="DIR")
    parser.add_argument("--only", metavar="NAME", help="one picture")


def run(options: argparse.Namespace) -> int:
    need_checkout("screenshots")
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        raise Wrong("needs Chromium: apt-get install chromium")
    options.to.mkdir(parents=True, exist_ok=True)
    wanted = [p for p in PICTURES if options.only in (None, p.name)]
    with tempfile.TemporaryDirectory(prefix="tongchou-") as data:
        port = _free_port()
        command = [sys.executable, "-m", "tongchou", "demo", "--data", data, "--port", str(port)]
        demo = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            _wait(f"http://127.0.0.1:{port}/healthz", demo)
            _take(wanted, f"http://127.0.0.1:{port}", browser, options.to)
        finally:
            demo.terminate()
            demo.wait(20)
    return 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, demo: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        if demo.poll() is not None:
            raise Wrong("the demo did not start")
        try:
            urllib.request.urlopen(url, timeout=1)
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise Wrong("the demo did not answer")


def _take(wanted: list[Picture], base: str, browser: str, to: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=list(ARGUMENTS))
        for picture in wanted:
            look: dict[str, Any] = {
                "viewport": {"width": picture.width, "height": picture.height},
                "locale": picture.locale,
                "color_scheme": "dark" if picture.dark else "light",
                "reduced_motion": "reduce",
            }
            page = chromium.new_context(base_url=base, **look).new_page()
            page.goto("/accounts/login/")
            page.fill("[name=login]", picture.user)
            page.fill("[name=password]", DEMO_PASSWORD)
            page.press("[name=password]", "Enter")
            page.wait_for_url(lambda address: "/accounts/login/" not in address)
            page.goto(picture.path)
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(1500)  # charts draw after the page is quiet
            page.screenshot(path=to / f"{picture.name}.png")
            page.context.close()
            print(f"{picture.name}.png")
