"""`tongchou bench [NAME] [--json]`: each benchmark measures its anchor and itself in one run.

Needs a checkout: the benchmarks are not part of the installed package.
"""

import argparse
import importlib
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[3] / "bench"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="NAME", help="; ".join(known()) or None)
    parser.add_argument("--json", action="store_true", help="print rows as JSON, write nothing")
    parser.add_argument(
        "--scale", type=float, default=1.0, help="shrink the data; a table is written only at 1"
    )


def known() -> list[str]:
    """The benchmarks of this checkout: every file with a `run`."""
    return sorted(
        p.stem for p in HERE.glob("*.py") if "\ndef run(" in p.read_text(encoding="utf-8")
    )


def run(options: argparse.Namespace) -> int:
    names = options.names or known()
    if unknown := sorted(set(names) - set(known())):
        print(
            f"no benchmark {', '.join(unknown)}; there are: {', '.join(known())}", file=sys.stderr
        )
        return 2
    sys.path.insert(0, str(HERE.parent))
    rows: list[Any] = []
    for name in names:
        print(f"{name} …", file=sys.stderr, flush=True)
        rows += importlib.import_module(f"bench.{name}").run(scale=options.scale)
    if options.json:
        print(json.dumps([row.as_dict() for row in rows], ensure_ascii=False, indent=1))
    else:
        print(table(rows))
        if options.scale == 1:
            keep(rows)
    return 0 if all(row.holds for row in rows) else 1


def table(rows: list[Any]) -> str:
    """The rows as a Markdown table."""
    head = "| what | engine | anchor | anchor's | own | unit | ratio | bound | holds | note |\n"
    head += "|---|---|---|--:|--:|---|--:|---|---|---|\n"
    return head + "\n".join(
        f"| {r.name} | {r.engine} | {r.anchor} | {r.anchor_value:,.4g} | {r.own_value:,.4g} "
        f"| {r.unit} | {r.ratio:.2f} | {r.bound} | {'yes' if r.holds else '**no**'} | {r.note} |"
        for r in rows
    )


def keep(rows: list[Any]) -> None:
    """Write the table into `bench/README.md`, replacing the rows that were measured again."""
    page = HERE / "README.md"
    text = page.read_text(encoding="utf-8") if page.exists() else _HEAD
    kept = [
        line
        for line in text.splitlines()
        if line.startswith("| ")
        and not line.startswith("| what ")
        and not any(line.startswith(f"| {r.name} | {r.engine} |") for r in rows)
    ]
    head, *measured = table(rows).split("\n|---")
    body = measured[0].split("\n")
    lines = sorted([*kept, *body[1:]])
    about = (
        f"Measured {datetime.now(UTC):%F}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}, {_cores()} cores."
    )
    page.write_text(
        _HEAD + about + "\n\n" + head + "\n|---" + body[0] + "\n" + "\n".join(lines) + "\n",
        encoding="utf-8",
    )


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_HEAD = """# Benchmarks

`tongchou bench [NAME]` runs them and rewrites this table. Each measures its anchor and itself in
the same run on the same data, so the ratio holds on any machine; the figures hold on the one named
below.

"""
