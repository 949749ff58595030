"""The numbers people say on the telephone: P-990102-0007 is the seventh problem of that area."""

from django.db import models


class Counter(models.Model):
    """The last number given in an area. Only `actions.numbers` moves it."""

    kind = models.CharField(max_length=1)  # P, T or C
    area = models.CharField(max_length=24)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "area"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.kind}-{self.area}-{self.last:04d}"
