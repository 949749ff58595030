"""Who may have infected whom: probabilities over the candidates, never one certain arrow.

Onset dates alone do not name infectors, and even with every contact known two of three arrows are
wrong; so what is stored is the whole distribution, with a share for "nobody we know".
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongchou.cases.errors import NotProbabilities
from tongchou.cases.models import Case, Classification, Contact, Exposure, Transmission
from tongchou.ledger import policy
from tongchou.people.queries import group
from tongchou.playbook import Disease, NoSuchRule
from tongchou.records import audit
from tongchou.records.bulk import bulk_load
from tongchou.staff.models import User

if TYPE_CHECKING:
    from tongchou.epi.delays import Delay

#: The method of `estimate`, as it is stored beside its probabilities.
BY_SERIAL_INTERVAL = "contacts, serial interval"
#: The method of the tracing desk's chain view, which weighs all cases of an outbreak together.
BY_CHAINS = "contacts, serial interval, offspring"
METHODS = {
    BY_SERIAL_INTERVAL: gettext_lazy("contacts and serial interval"),
    BY_CHAINS: gettext_lazy("contacts, serial interval and offspring, all cases together"),
}

# How likely a source outside the known cases is before anything is known of the dates, where the
# best known candidate has the likeliest interval. Not a rule of any playbook: an assumption.
OUTSIDE = 0.2

Row = tuple[Case | None, float]


@transaction.atomic
def set_transmissions(
    *,
    infectee: Case,
    rows: Iterable[Row],
    method: str,
    by: User | None,
    now: datetime,
) -> list[Transmission]:
    """Store who may have infected this case, in place of what the same method said before.

    `None` stands for a source that is not among the known cases. The rows sum to at most 1.

    Raises
    ------
    NotProbabilities
        Where they sum to more, one of them is none, or somebody infects themselves.
    """
    given = list(rows)
    if any(not 0 <= p <= 1 for _infector, p in given) or sum(p for _c, p in given) > 1 + 1e-9:
        raise NotProbabilities(_("Probabilities lie between 0 and 1, and sum to at most 1."))
    if any(infector == infectee for infector, _p in given):
        raise NotProbabilities(_("Nobody infects themselves."))
    infectee.sources.filter(method=method).delete()
    stored = Transmission.objects.bulk_create(
        Transmission(infector=infector, infectee=infectee, probability=p, method=method, at=now)
        for infector, p in given
        if p > 0
    )
    audit.record(
        verb="case.transmissions",
        subject=f"case:{infectee.pk}",
        by=by,
        now=now,
        detail={"method": method, "rows": len(stored)},
    )
    return stored


@transaction.atomic
def set_many(
    *,
    rows: Mapping[int, Sequence[tuple[int | None, float]]],
    method: str,
    replaces: Collection[str] = (),
    by: User | None,
    now: datetime,
) -> int:
    """`set_transmissions` for many infectees in one act; returns how many rows were stored.

    Parameters
    ----------
    rows
        By the id of the infectee: the id of each possible infector, with its probability.
    replaces
        Other methods whose rows for these infectees go too, because this one stands for them.

    Raises
    ------
    NotProbabilities
        As `set_transmissions`; nothing is stored.
    """
    for infectee, given in rows.items():
        if any(not 0 <= p <= 1 for _i, p in given) or sum(p for _i, p in given) > 1 + 1e-9:
            raise NotProbabilities(_("Probabilities lie between 0 and 1, and sum to at most 1."))
        if any(infector == infectee for infector, _p in given):
            raise NotProbabilities(_("Nobody infects themselves."))
    infectees = list(rows)
    for first in range(0, len(infectees), 5000):
        old = Transmission.objects.filter(infectee_id__in=infectees[first : first + 5000])
        old.filter(method__in=[method, *replaces]).delete()
    n_rows = bulk_load(
        Transmission,
        ("infector_id", "infectee_id", "probability", "method", "at"),
        (
            (infector, infectee, p, method, now)
            for infectee, given in rows.items()
            for infector, p in given
            if p > 0
        ),
    )
    audit.record_many(
        verb="case.transmissions",
        by=by,
        now=now,
        events=[
            (f"case:{infectee}", {"method": method, "rows": sum(p > 0 for _i, p in given)})
            for infectee, given in rows.items()
        ],
    )
    return n_rows


def estimate(*, infectee: Case, by: User | None, now: datetime) -> list[Transmission]:
    """Weigh the candidates anew, by the playbook's serial interval, and store the outcome."""
    try:
        disease = policy.in_force(now).disease(infectee.disease)
    except NoSuchRule as error:
        raise NotProbabilities(
            _("The playbook in force says nothing about %(disease)s.")
            % {"disease": infectee.disease}
        ) from error
    rows = weigh(infectee, candidates(infectee), serial_interval(disease))
    return set_transmissions(
        infectee=infectee, rows=rows, method=BY_SERIAL_INTERVAL, by=by, now=now
    )


def serial_interval(disease: Disease) -> "Delay":
    """From onset to onset, in days, as the playbook gives it."""
    from tongchou.epi import delays  # brings numpy: half a second that no start should wait for

    spell = disease.serial_interval
    return delays.discretise(delays.LAWS[spell.shape](mean=spell.mean_days, sd=spell.sd_days))


def candidates(infectee: Case) -> list[Case]:
    """The cases this one met: as their contact, as the one that listed them, or through another.

    Who listed whom says nothing about the direction; the dates do.
    """
    keys = group(infectee.person_id)
    me = Contact.objects.filter(person_id__in=keys).values("pk")
    met = Exposure.objects.filter(Q(contact__in=me) | Q(case=infectee))
    # As a contact of the infectee, or as the close contact that stood between.
    people = met.filter(case=infectee).values("contact__person_id")
    between = met.filter(contact__in=me).values("through__person_id")
    found = Case.objects.filter(
        Q(pk__in=met.filter(contact__in=me).values("case_id"))
        | Q(person_id__in=people)
        | Q(person_id__in=between),
        disease=infectee.disease,
    )
    return list(
        found.exclude(pk=infectee.pk)
        .exclude(classification=Classification.DISCARDED)
        .order_by("pk")
    )


def weigh(
    infectee: Case, infectors: Sequence[Case], interval: "Delay", *, outside: float = OUTSIDE
) -> list[Row]:
    """The probability of each candidate, and of somebody unknown, by the days between onsets.

    Parameters
    ----------
    interval
        The serial interval in days.
    outside
        The weight of an unknown source beside a candidate with the likeliest interval. Candidates
        whose interval fits badly leave more to it.
    """
    likelihood = [_pmf(interval, (infectee.begins_on - c.begins_on).days) for c in infectors]
    unknown = float(interval.pmf.max()) * outside / (1 - outside)
    total = sum(likelihood) + unknown
    rows: list[Row] = [(c, p / total) for c, p in zip(infectors, likelihood, strict=True) if p > 0]
    rows.sort(key=lambda row: -row[1])
    return [*rows, (None, unknown / total)]


def _pmf(interval: "Delay", days: int) -> float:
    place = days - interval.first
    return float(interval.pmf[place]) if 0 <= place < interval.pmf.size else 0.0
