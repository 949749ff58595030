"""What a consequence is by now: how its task goes, what its proposal would change."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from tongchou.command import books
from tongchou.ledger import policy
from tongchou.ledger.registry import stage_label
from tongchou.ledger.turns import page_of
from tongchou.planning import comparing
from tongchou.planning.findings import Summary
from tongchou.planning.models import Study
from tongchou.reviews.models import Consequence, Led


@dataclass(frozen=True)
class Seen:
    """A consequence with its page, its state in words, and the effect where the model told one."""

    consequence: Consequence
    page: str
    state: str
    changes: tuple[books.Difference, ...] = ()
    pairs: tuple[comparing.Pair, ...] = ()
    compare: str = ""
    waits: bool = False
    fault: str = ""


def of(each: Consequence) -> Seen:
    if each.kind == Led.PROBLEM and each.problem is not None:
        page = page_of("problem", each.problem.passage_id)
        return Seen(each, page, str(stage_label("problem", each.problem.stage)))
    if each.kind == Led.TASK and each.task is not None:
        page = page_of("task", each.task.passage_id)
        return Seen(each, page, str(stage_label("task", each.task.stage)))
    if each.kind == Led.PROPOSAL and each.adoption is not None:
        return _proposal(each)
    return Seen(each, "", "")


def _proposal(each: Consequence) -> Seen:
    from django.utils.translation import get_language

    assert each.adoption is not None
    language = get_language() or "en"
    page = reverse("command:proposal", args=[each.adoption.pk])
    changes = tuple(
        change
        for change in books.differences(
            policy.of(each.adoption.base), policy.of(each.adoption), language=language
        )
        if not change.only_provenance
    )
    seen = Seen(each, page, _state(each), changes)
    if each.before is None or each.after is None:
        return seen
    return _with_effect(seen, each.before, each.after)


def _state(each: Consequence) -> str:
    from django.utils.translation import pgettext

    assert each.adoption is not None
    if each.adoption.adopted_at:
        return pgettext("proposal", "adopted")
    if each.adoption.withdrawn_at:
        return pgettext("proposal", "taken back")
    return pgettext("proposal", "waits for a second person")


def _with_effect(seen: Seen, before: Study, after: Study) -> Seen:
    facts: dict[str, Any] = {
        "consequence": seen.consequence,
        "page": seen.page,
        "state": seen.state,
        "changes": seen.changes,
        "waits": before.waits or after.waits,
        "fault": before.fault or after.fault,
    }
    if before.result is None or after.result is None:
        return Seen(**facts)
    a, b = Summary.from_facts(before.result), Summary.from_facts(after.result)
    both = f"?case={before.pk}&case={after.pk}"
    found = comparing.compared(a, b)
    return Seen(**facts, pairs=found.headlines, compare=reverse("planning:compare") + both)
