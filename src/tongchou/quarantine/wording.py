"""An order in the reader's words, with the names the playbook has for its rules."""

from dataclasses import dataclass

from django.utils.translation import get_language

from tongchou.playbook import rule_name
from tongchou.playbook.vocabulary import word
from tongchou.quarantine import queries
from tongchou.quarantine.models import Order


@dataclass(frozen=True)
class Words:
    """What the pages and the notice say of an order."""

    rule: str
    playbook: str
    issuer: str
    stretches: tuple[str, ...]


def of_order(order: Order) -> Words:
    """The rule, the playbook it stands in, who issued that, and the stretches of days."""
    language = get_language() or "zh-hans"
    book = queries.playbook_of(order)
    return Words(
        rule=rule_name(f"{order.rule}.quarantine", language),
        playbook=book.title.of(language) if book else order.playbook,
        issuer=book.issuer if book else "",
        stretches=tuple(
            _stretch(site, days, kind, language) for site, days, kind in order.segments
        ),
    )


def _stretch(site: str, days: int, kind: str, language: str) -> str:
    where = word(f"{site}_monitoring" if kind == "monitoring" else site, language)
    return f"{days}天{where}" if language.startswith("zh") else f"{days} days {where}"
