"""Giving numbers: one after the other in each area, whoever asks at the same moment."""

from django.db.models import F

from tongchou.areas.models import Area
from tongchou.lists.models import Counter


def take(kind: str, area: Area, n: int = 1) -> list[str]:
    """The next `n` numbers of `kind` in an area; the row is locked until the transaction ends.

    A number that was taken by an act that failed is not given again only if the act committed:
    the counter rolls back with it, so the list has no holes.
    """
    Counter.objects.bulk_create([Counter(kind=kind, area=area.pk)], ignore_conflicts=True)
    mine = Counter.objects.filter(kind=kind, area=area.pk)
    mine.update(last=F("last") + n)
    last = mine.get().last
    return [f"{kind}-{area.pk}-{number:04d}" for number in range(last - n + 1, last + 1)]
