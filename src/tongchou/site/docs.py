"""`tongchou docs`: the handbook as pages, with the tables that are made from the code."""

import argparse
import subprocess
import sys

from tongchou.site.checkout import ROOT, need_checkout


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--serve", action="store_true", help="serve, and build anew on each change")


def run(options: argparse.Namespace) -> int:
    need_checkout("docs")
    verb = ["serve"] if options.serve else ["build", "--strict", "--clean"]
    return subprocess.call([sys.executable, "-m", "mkdocs", *verb], cwd=ROOT)
