"""What mkdocs fills in from the code: `<!-- loop: case_report -->` and `<!-- chains -->`."""

import os
import re
from typing import Any

MARK = re.compile(r"^<!-- loop: (\w+) -->$", re.MULTILINE)


def on_startup(**kwargs: Any) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongchou.site.testing")
    import django

    django.setup()


def on_page_markdown(markdown: str, **kwargs: Any) -> str:
    if "<!-- chains -->" in markdown:
        markdown = markdown.replace("<!-- chains -->", chains_table())
    return MARK.sub(lambda found: loop_table(found[1]), markdown)


def chains_table() -> str:
    """What follows from what, as `site/wiring.py` has it."""
    from tongchou.site import wiring

    return wiring.as_table()


def loop_table(name: str) -> str:
    """Owners, allowances in peace and war, outcomes: as the playbook of this version has them."""
    from django.conf import settings

    from tongchou import playbook
    from tongchou.ledger import registry
    from tongchou.loops.drawing import as_table

    book = playbook.load(settings.TONGCHOU_PLAYBOOK)
    table = as_table(
        registry.get(name),
        lambda stage, tempo: book.deadline(name, stage).allowed(tempo),
    )
    return f"{table}\n\nAllowances from the playbook `{book.id}`."
