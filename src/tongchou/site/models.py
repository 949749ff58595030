"""When each periodic job runs next. One row per job, claimed by a conditional update."""

from django.db import models


class Schedule(models.Model):
    """A job's clock. Whoever moves `next_at` runs the job; everybody else leaves it alone."""

    name = models.CharField(max_length=40, primary_key=True)
    next_at = models.DateTimeField(db_index=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name
