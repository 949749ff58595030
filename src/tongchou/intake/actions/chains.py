"""Who may have infected whom, as far as a list of pairs tells: weights, not arrows.

A list names the sources it knows of. It may be wrong, and the true source may not be on it; so
each named source and "somebody who is not named" weigh the same. With one name that is one half,
with two a third each. A method that looks at dates or genomes writes its own rows beside these.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from tongchou.cases.models import Exposure, Transmission

METHOD = "named in a list"


def weigh(infectees: Collection[int], *, now: datetime) -> None:
    """Bring the weights of these cases up to date with every exposure that is known of them."""
    named: dict[int, set[int]] = defaultdict(set)
    met = Exposure.objects.filter(contact__became_case_id__in=infectees, case__isnull=False)
    for infectee, infector in met.values_list("contact__became_case_id", "case_id"):
        if infectee is not None and infector is not None:
            named[infectee].add(infector)
    Transmission.objects.bulk_create(
        [
            Transmission(
                infector_id=infector,
                infectee_id=infectee,
                probability=1 / (len(infectors) + 1),
                method=METHOD,
                at=now,
            )
            for infectee, infectors in sorted(named.items())
            for infector in sorted(infectors)
        ],
        update_conflicts=True,
        unique_fields=["infector", "infectee", "method"],
        update_fields=["probability", "at"],
    )
