"""Adopting a playbook (预案): proposed by one, adopted by another; open deadlines follow."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongchou import playbook as playbooks
from tongchou.areas.models import Area
from tongchou.ledger import policy
from tongchou.ledger.actions import whole_second
from tongchou.ledger.errors import LedgerError, Outrun, TakesTwo
from tongchou.ledger.models import Adoption, Gap
from tongchou.ledger.retiming import Retimed, retime
from tongchou.loops import Tempo
from tongchou.playbook import Playbook
from tongchou.records import audit
from tongchou.staff.models import User


@transaction.atomic
def propose(
    *, text: str, reason: str, by: User, now: datetime, since: datetime | None = None
) -> Adoption:
    """Put a playbook forward. It is parsed and checked first, so a broken one never gets here.

    `since` is when it was begun, where that was before now: what came into force in between is no
    part of it, and adopting it does not take that back.
    """
    parsed = playbooks.parse(text)
    unknown = sorted(parsed.areas.keys() - _known(parsed.areas))
    if unknown:
        raise LedgerError(
            _("There is no area %(codes)s here. Mend its code in [area.…] of the playbook.")
            % {"codes": ", ".join(unknown)}
        )
    adoption = Adoption.objects.create(
        playbook=parsed.id,
        digest=parsed.digest,
        # Complete: what it extends may read differently after an upgrade, this may not.
        text=parsed.text,
        base=policy.newest(since or now),
        reason=reason,
        proposed_by=by,
        proposed_at=whole_second(now),
    )
    _audit("playbook.propose", adoption, by=by, now=now, reason=reason)
    return adoption


def _known(codes: Iterable[str]) -> set[str]:
    return set(Area.objects.filter(code__in=list(codes)).values_list("code", flat=True))


def standing(adoption: Adoption, *, now: datetime) -> Playbook:
    """The playbook that adopting it at `now` would put in force.

    Where another came into force since it was put forward, only what this one changes itself is
    laid over that: two counties may put their own rules forward side by side.

    Raises
    ------
    Outrun
        Where both change the same rules in different ways.
    """
    if adoption.adopted_at is not None:
        return policy.of(adoption)
    return over(policy.of(adoption), adoption.base, now=now)


def over(own: Playbook, base: Adoption | None, *, now: datetime) -> Playbook:
    """What `own`, begun when `base` was in force, would be if it came into force at `now`.

    Raises
    ------
    Outrun
        As `standing` does.
    """
    current = policy.newest(now)
    if (base and base.pk) == (current and current.pk):
        return own
    try:
        return playbooks.rebased(policy.of(base), own, policy.of(current))
    except playbooks.Collides as collision:
        named = "; ".join(_names(collision.paths[:5], own)) + ("…" if collision.paths[5:] else "")
        raise Outrun(
            _(
                "%(book)s came into force since and settles otherwise: %(rules)s. "
                "Put it forward anew."
            )
            % {"book": policy.of(current).id, "rules": named}
        ) from collision


def _names(paths: Iterable[str], book: Playbook) -> list[str]:
    """Rules as people call them; what is no rule of the proposal by its path."""
    language = get_language() or "en"
    titles, rules = policy.titles(book, language=language), book.rules
    return [
        playbooks.rule_name(path, language, rules[path], titles) if path in rules else path
        for path in paths
    ]


@transaction.atomic
def adopt(*, adoption: Adoption, by: User, now: datetime, seen: str = "") -> Retimed:
    """Put a proposed playbook in force; every open leg takes its new deadline.

    `seen` is the digest of what the adopter was shown, where a page showed it: nobody signs for
    what came in between.

    Raises
    ------
    TakesTwo
        Where the adopter is the proposer.
    LedgerError
        Where it was adopted or withdrawn already, was outrun (see `standing`), or is not what was
        seen any more.
    """
    now = whole_second(now)
    if adoption.proposed_by_id == by.pk:
        raise TakesTwo(_("You proposed this playbook; somebody else has to adopt it."))
    policy.turning()
    adoption.refresh_from_db()
    _must_be_last(adoption, now=now)
    proposed, parsed = adoption.digest, standing(adoption, now=now)
    # What it changes stays what lies between its base and its text, whoever reads it later.
    if seen and seen != parsed.digest:
        raise Outrun(_outrun())
    laid_over: dict[str, object] = {"base": policy.newest(now)}
    if parsed.digest != policy.of(adoption).digest:
        laid_over |= {"text": parsed.text, "digest": parsed.digest}
    changed = Adoption.objects.filter(pk=adoption.pk, adopted_at=None, withdrawn_at=None).update(
        adopted_at=now, adopted_by=by, **laid_over
    )
    if changed != 1:
        raise LedgerError(_("This proposal was adopted or withdrawn already."))
    adoption.refresh_from_db()
    moved = [
        retime(
            area_path="",
            tempo=t,
            playbook=parsed,
            reason=Gap.Reason.PLAYBOOK,
            now=now,
            only_at_tempo=True,
        )
        for t in Tempo
    ]
    total = Retimed(sum(m.n_legs for m in moved), sum(m.n_gaps_closed for m in moved))
    _audit(
        "playbook.adopt",
        adoption,
        by=by,
        now=now,
        proposed=proposed,
        legs=total.n_legs,
        gaps=total.n_gaps_closed,
    )
    return total


def _must_be_last(adoption: Adoption, *, now: datetime) -> None:
    """Of two adopted in one second the later number is in force; refuse what would not be.

    Whoever waited for the other's act has an older clock, and has not seen what it changed.
    """
    later = Q(adopted_at__gt=now) | Q(adopted_at=now, pk__gt=adoption.pk)
    if Adoption.objects.filter(later).exclude(pk=adoption.pk).exists():
        raise Outrun(_outrun())


def _outrun() -> str:
    return _("Another playbook came into force meanwhile. Look at what changes now, then adopt.")


@transaction.atomic
def withdraw(*, adoption: Adoption, by: User, now: datetime) -> None:
    """Take a proposal back before it is adopted."""
    changed = Adoption.objects.filter(pk=adoption.pk, adopted_at=None, withdrawn_at=None).update(
        withdrawn_at=whole_second(now)
    )
    if changed != 1:
        raise LedgerError(_("This proposal was adopted or withdrawn already."))
    _audit("playbook.withdraw", adoption, by=by, now=now)


def _audit(verb: str, adoption: Adoption, *, by: User, now: datetime, **detail: object) -> None:
    audit.record(
        verb=verb,
        subject=f"adoption:{adoption.pk}",
        by=by,
        now=now,
        detail={"playbook": adoption.playbook, "digest": adoption.digest, **detail},
    )
