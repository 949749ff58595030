"""The command `tongchou`: a table of verbs, each a module that is imported only when it is called.

A verb's module offers `arguments(parser)` and `run(options) -> int | None`. Verbs that touch an
instance take --data DIR and find Django set up; the others never load it, so that
`tongchou playbook check` answers at once.
"""

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from tempfile import TemporaryDirectory

from tongchou import __version__
from tongchou.site import options


@dataclass(frozen=True, slots=True)
class Verb:
    """One or two words, what they do, and the module of `site` that does it."""

    name: str
    help: str
    place: str
    instance: bool = True

    @property
    def module(self) -> str:
        return f"tongchou.site.{self.place}"

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.name.split())


VERBS = (
    Verb("demo", "build a demo city and serve it on this machine", "demo"),
    Verb("serve", "serve an instance: pages and worker", "serve"),
    Verb("worker", "do the work that waits: sweeps, reminders, destruction", "worker"),
    Verb("migrate", "bring the database to this version", "migrating"),
    Verb("import areas", "read lists of administrative divisions", "import_areas"),
    Verb("import boundaries", "read boundaries from GeoJSON", "import_boundaries"),
    Verb("import linelist", "read a line list and its contacts", "import_linelist"),
    Verb("import counts", "read daily or weekly counts", "import_counts"),
    Verb("import template", "write the template of a line list", "import_template"),
    Verb("playbook check", "check playbooks", "playbook_check", instance=False),
    Verb("playbook show", "print a playbook in words", "playbook_show", instance=False),
    Verb("playbook diff", "what changes between two", "playbook_diff", instance=False),
    Verb("quality", "what is odd about the counts", "quality"),
    Verb("brief", "how things stand in an area on a morning", "brief"),
    Verb("report", "the daily report of an area or department", "report"),
    Verb("activate", "switch an area to war or back to peace", "activate"),
    Verb("review", "how it went with one positive", "review"),
    Verb("lists export", "both lists as one Excel workbook", "lists_export"),
    Verb("lists import", "read a changed workbook of both lists back", "lists_import"),
    Verb("trace contacts", "who was with these cases", "trace_contacts", instance=False),
    Verb("trace exposures", "where these cases crossed", "trace_exposures", instance=False),
    Verb("trace chains", "who may have infected whom", "trace_chains", instance=False),
    Verb(
        "trace proximity",
        "pairs of people closer than a distance",
        "trace_proximity",
        instance=False,
    ),
    Verb("trace store", "keep visits, day by day", "trace_store", instance=False),
    Verb("trace itinerary", "stays and places in a text", "trace_itinerary", instance=False),
    Verb("detect", "which counts are too high", "detect", instance=False),
    Verb("rt", "how many each case infects", "rt", instance=False),
    Verb("nowcast", "how many there will have been", "nowcast", instance=False),
    Verb("forecast", "what comes in the next days or weeks", "forecast", instance=False),
    Verb("scan", "where cases cluster in space and time", "scan", instance=False),
    Verb("simulate", "run an outbreak through a city", "simulate", instance=False),
    Verb("plan", "find the plan that costs least", "plan", instance=False),
    Verb("audit verify", "prove that the audit log is whole", "audit_verify"),
    Verb("people destroy", "destroy identities whose date has come", "people_destroy"),
    Verb("keys rotate", "make a new key and seal identities with it", "keys_rotate"),
    Verb("user add", "make an account", "user_add"),
    Verb("backup", "copy records and keys into one file", "backup"),
    Verb("restore", "put a backup back", "restore"),
    Verb("bench", "measure, and write bench/README.md", "bench", instance=False),
    Verb("test", "everything that must hold", "checking", instance=False),
    Verb("docs", "build the handbook", "docs", instance=False),
    Verb("screenshots", "take the pictures of the handbook", "screenshots", instance=False),
    Verb("manage", "any command of Django's, for developers", "manage"),
)


class Wrong(Exception):
    """Something the person at the keyboard can mend; the message says how."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; the exit code is 0 when all is well."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["--version"]:
        print(f"tongchou {__version__}")
        return 0
    if not words or words[0] in ("-h", "--help"):
        print(overview())
        return 0
    try:
        verb = find(words)
        return call(verb, words[len(verb.words) :])
    except (Wrong, options.WrongSetting) as error:
        print(f"tongchou: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `tongchou … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def overview() -> str:
    """The verbs, as `tongchou` alone prints them."""
    width = max(len(verb.name) for verb in VERBS)
    lines = [f"  {verb.name:{width}}  {verb.help}" for verb in VERBS]
    return "\n".join(
        [
            "Tongchou 统筹: a command room with which a city meets an outbreak.",
            "",
            "usage: tongchou VERB [--data DIR] …      tongchou VERB --help says more",
            "",
            *lines,
            "",
            "Begin with: tongchou demo",
        ]
    )


def find(words: Sequence[str]) -> Verb:
    """The verb these words begin with; says what is near if there is none."""
    for verb in VERBS:
        if tuple(words[: len(verb.words)]) == verb.words:
            return verb
    family = [verb for verb in VERBS if verb.words[0] == words[0]]
    if family:
        raise Wrong("one of:\n" + "\n".join(f"  tongchou {v.name:20} {v.help}" for v in family))
    raise Wrong(f"there is no verb {words[0]!r}. `tongchou` alone lists them.")


def call(verb: Verb, words: list[str]) -> int:
    """Find the instance, load the verb's module, read its arguments, run it."""
    if find_spec(verb.module) is None:
        raise Wrong(f"`{verb.name}` is not in this version yet ({verb.module} is missing).")
    parser = argparse.ArgumentParser(prog=f"tongchou {verb.name}", description=verb.help)
    with ExitStack() as stack:
        if verb.instance:
            _choose_data(parser, words)
            if {"-h", "--help"} & set(words):  # help must not found an instance
                empty = stack.enter_context(TemporaryDirectory())
                os.environ[options.PREFIX + "DATA"] = empty
            set_up_django()
        module = importlib.import_module(verb.module)
        module.arguments(parser)
        return module.run(parser.parse_args(words)) or 0


def _choose_data(parser: argparse.ArgumentParser, words: list[str]) -> None:
    """--data must be known before Django's settings load, hence before the verb's own arguments."""
    parser.add_argument(
        "--data",
        metavar="DIR",
        help=f"folder of the instance (default: {options.default_data_folder()})",
    )
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    early.add_argument("--data")
    try:
        chosen = early.parse_known_args(words)[0].data
    except argparse.ArgumentError:
        return  # the full parser says it better
    if chosen:
        os.environ[options.PREFIX + "DATA"] = os.path.abspath(os.path.expanduser(chosen))


def set_up_django() -> None:
    """Load Django for the instance that was chosen. Raises Wrong where it cannot be used."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongchou.site.settings")
    import django

    from tongchou.site.keys import KeysUnusable

    gc.disable()  # what is imported stays: looking through it for rubbish is a tenth of the start
    try:
        django.setup()
        gc.freeze()
    except KeysUnusable as error:
        raise Wrong(str(error)) from error
    except PermissionError as error:
        raise Wrong(f"{error.filename}: no permission. Choose a folder with --data DIR.") from error
    finally:
        gc.enable()
