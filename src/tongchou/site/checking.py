"""`tongchou test`: everything that must hold, or with a PATH the tests of one part.

Each check is a command of its own; two run at a time, each says what is wrong only if it is.
"""

import argparse
import importlib
import os
import pkgutil
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tongchou.site.checkout import ROOT, need_checkout

PYTHON = sys.executable
PYTEST = (PYTHON, "-m", "pytest", "-q", "--tb=short", "--no-header")
ON_POSTGRES = (PYTHON, "tests/postgres.py")
A_HOST = re.compile(r"https?://|file://|--(extra-)?index-url|--find-links")


@dataclass(frozen=True, slots=True)
class Check:
    """A command that exits with 0 when what it checks holds; pytest's are counted test by test."""

    name: str
    command: tuple[str, ...]

    @property
    def counts(self) -> bool:
        return "pytest" in self.command


@dataclass(frozen=True, slots=True)
class Finding:
    check: Check
    seconds: float
    output: str
    ok: bool
    passed: int = 0
    failed: int = 0
    skipped: int = 0


# The kernels are what the tests then find on disk: without that each would compile every one for
# itself. Beside them goes all that needs no kernel.
FIRST = (
    Check("kernels", (PYTHON, "-m", "tongchou.site.checking", "kernels")),
    Check("types", (PYTHON, "-m", "mypy")),
    Check("import contracts", (PYTHON, "-m", "tongchou.site.checking", "imports")),
    Check("documentation", (PYTHON, "-m", "mkdocs", "build", "--strict", "--quiet")),
    Check("migrations", (PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run")),
    Check("format", (PYTHON, "-m", "ruff", "format", "--check")),
    Check("lint", (PYTHON, "-m", "ruff", "check", "--no-fix")),
    Check("no host in the locks", (PYTHON, "-m", "tongchou.site.checking", "locks")),
)
# The longest first: two run at a time.
THEN = (
    Check("tests on SQLite", (*PYTEST, "--no-browser")),
    Check("tests on PostgreSQL", (*ON_POSTGRES, *PYTEST, "--no-browser", "--only-database")),
    Check("tests in the browser", (*PYTEST, "-m", "browser")),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", nargs="*", help="a test file or folder, as pytest takes it")
    parser.add_argument("--postgres", action="store_true", help="run PATH on PostgreSQL")
    parser.add_argument("--only", metavar="NAME", help="one check: types, format, …")


def run(options: argparse.Namespace) -> int:
    need_checkout("test")
    os.chdir(ROOT)
    if options.path or options.postgres:
        return part(options.path, postgres=options.postgres)
    stages = [
        [check for check in stage if not options.only or options.only in check.name]
        for stage in (FIRST, THEN)
    ]
    return whole(stages)


def part(paths: Sequence[str], *, postgres: bool) -> int:
    """The tests of one part, as pytest prints them."""
    server = ON_POSTGRES if postgres else ()
    done = subprocess.run([*server, PYTHON, "-m", "pytest", *paths], env=environment())
    return done.returncode


def whole(stages: Sequence[Sequence[Check]]) -> int:
    """All checks, a line each as it ends; the report of what failed; the totals."""
    began = time.monotonic()
    findings: list[Finding] = []
    with ThreadPoolExecutor(max_workers=2) as pool, tempfile.TemporaryDirectory() as folder:
        for stage in stages:
            findings += pool.map(partial(look, folder=Path(folder)), stage)
    for finding in findings:
        if not finding.ok:
            print(f"\n{'-' * 20} {finding.check.name} {'-' * 20}\n{finding.output.rstrip()}")
    passed = sum(finding.passed for finding in findings)
    failed = sum(finding.failed for finding in findings)
    skipped = sum(finding.skipped for finding in findings)
    print(
        f"\n{len(findings)} checks in {time.monotonic() - began:.0f} s; a check counts as a test:"
    )
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if failed else 0


def look(check: Check, folder: Path) -> Finding:
    """Run one check and say in a line how it went."""
    began = time.monotonic()
    report = folder / f"{check.name}.xml"
    more = (f"--junit-xml={report}",) if check.counts else ()
    done = subprocess.run(
        [*check.command, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        env=environment(),
    )
    seconds = time.monotonic() - began
    finding = judged(check, done, seconds, report)
    counted = f"{finding.passed:5} passed" if check.counts else ""
    skipped = f", {finding.skipped} skipped" if finding.skipped else ""
    word = "ok    " if finding.ok else "FAILED"
    print(f"{word} {check.name:22} {seconds:6.1f} s {counted}{skipped}", flush=True)
    if finding.skipped:
        reasons = sorted(set(re.findall(r"^SKIPPED \[\d+\] (.*)$", finding.output, re.MULTILINE)))
        print("\n".join(f"         skipped: {reason}" for reason in reasons), flush=True)
    return finding


def judged(
    check: Check, done: subprocess.CompletedProcess[str], seconds: float, report: Path
) -> Finding:
    """The counts of a test run from its report; any other check counts as one."""
    ok = done.returncode == 0
    if not check.counts:
        return Finding(check, seconds, done.stdout, ok, int(ok), int(not ok))
    try:
        suites = ElementTree.parse(report).getroot().iter("testsuite")
        rows = [
            [int(s.get(k, 0)) for k in ("tests", "failures", "errors", "skipped")] for s in suites
        ]
    except (OSError, ElementTree.ParseError):
        rows = []
    total, failures, errors, skipped = (
        (sum(column) for column in zip(*rows, strict=True)) if rows else (0, 0, 0, 0)
    )
    if not total:  # it did not come to running a test: that is a failure, whatever it exited with
        return Finding(check, seconds, done.stdout, False, 0, 1)
    failed = failures + errors
    failed = max(failed, int(not ok))
    return Finding(
        check, seconds, done.stdout, ok, total - failures - errors - skipped, failed, skipped
    )


def environment() -> dict[str, str]:
    """The checks' own settings; warnings are errors, and colours only confuse a log."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("TONGCHOU_")}
    path = os.pathsep.join(filter(None, [str(ROOT / "src"), env.get("PYTHONPATH", "")]))
    return {**env, "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "tongchou.site.testing"}


def hosts_in_locks() -> list[str]:
    """Lines of the lock files that name a host: who installs says where from."""
    return [
        f"{lock.name}:{number}: {line}"
        for lock in sorted(ROOT.glob("requirements*.txt"))
        for number, line in enumerate(lock.read_text().splitlines(), 1)
        if A_HOST.search(line)
    ]


def compile_kernels() -> None:
    """Call every kernel once, so that it lies compiled on disk."""
    from tongchou import epi
    from tongchou.kit.compiled import warm_up

    for module in pkgutil.walk_packages(epi.__path__, "tongchou.epi."):
        importlib.import_module(module.name)
    print(f"compiled in {warm_up():.1f} s")


def main(name: str) -> int:
    """The checks that have no command of their own."""
    if name == "kernels":
        compile_kernels()
        return 0
    if name == "locks":
        found = hosts_in_locks()
        print("\n".join(found))
        return 1 if found else 0
    from importlinter.cli import lint_imports

    return int(lint_imports(config_filename="pyproject.toml", no_cache=True))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
