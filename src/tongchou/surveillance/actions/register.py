"""The sentinel register: sites, their duties, and the many series of a list at once."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Max

from tongchou.areas.models import Area
from tongchou.records import audit
from tongchou.surveillance import channels
from tongchou.surveillance.layout import Wanted
from tongchou.surveillance.models import Channel, Duty, Site, Source


@transaction.atomic
def register_site(
    *, source: Source, code: str, name: str, area: Area, by: Any, now: datetime, **facts: Any
) -> Site:
    """Enter a site; `facts` are its place, unit, English name and how long it is active."""
    site = Site.objects.create(source=source, code=code, name=name, area=area, **facts)
    audit.record(
        verb="surveillance.register_site",
        subject=f"sentinel:{site.pk}",
        by=by,
        now=now,
        detail={"source": source.pk, "code": code, "area": area.pk},
    )
    return site


@transaction.atomic
def set_duty(
    *,
    site: Site,
    channel: Channel,
    by: Any,
    now: datetime,
    due: time | None = Duty.DUE,
    due_days: int = 1,
    working_days: bool = False,
    from_on: date | None = None,
    to_on: date | None = None,
) -> Duty:
    """Say that a site reports a channel and by when; without `due` nobody here answers for it."""
    wanted = {
        "due": due,
        "due_days": due_days,
        "working_days": working_days,
        "from_on": from_on,
        "to_on": to_on,
    }
    duty = Duty.objects.filter(site=site, channel=channel).first()
    before = {key: str(getattr(duty, key)) for key in wanted} if duty else {}
    if duty is None:
        duty = Duty.objects.create(site=site, channel=channel, number=_next_number(), **wanted)
    else:
        Duty.objects.filter(pk=duty.pk).update(**wanted)
        duty.refresh_from_db()
    audit.record(
        verb="surveillance.set_duty",
        subject=f"sentinel:{site.pk}",
        by=by,
        now=now,
        detail={"channel": channel.pk, "before": before, "after": wanted},
    )
    return duty


def end_duty(*, duty: Duty, on: date, by: Any, now: datetime) -> Duty:
    """The last day that is owed. What was reported stays."""
    return set_duty(
        site=duty.site,
        channel=duty.channel,
        due=duty.due,
        due_days=duty.due_days,
        working_days=duty.working_days,
        from_on=duty.from_on,
        to_on=on,
        by=by,
        now=now,
    )


@transaction.atomic
def open_series(
    *,
    source: Source,
    sites: Iterable[Wanted],
    slugs: Sequence[str],
    by: Any,
    now: datetime,
    due: time | None = None,
) -> dict[tuple[str, str], int]:
    """The duty of every (site code, channel) of a list, made where it is new, in few statements."""
    channels.stand(slugs)
    wanted = {site.code: site for site in sites}
    known = dict(Site.objects.filter(source=source).values_list("code", "pk"))
    new = [
        Site(
            source=source,
            code=site.code,
            name=site.name,
            name_en=site.name_en,
            area_id=site.area_id,
            apart=site.apart,
        )
        for code, site in wanted.items()
        if code not in known
    ]
    Site.objects.bulk_create(new, batch_size=2000)
    known |= {site.code: site.pk for site in new}
    have = series_of(source)
    lacking = [(code, slug) for code in wanted for slug in slugs if (code, slug) not in have]
    if not lacking:
        return have
    first = _next_number()
    Duty.objects.bulk_create(
        (
            Duty(site_id=known[code], channel_id=slug, number=first + n, due=due)
            for n, (code, slug) in enumerate(lacking)
        ),
        batch_size=2000,
    )
    audit.record(
        verb="surveillance.open_series",
        subject=f"source:{source.pk}",
        by=by,
        now=now,
        detail={"sites": len(new), "series": len(lacking)},
    )
    return series_of(source)


def series_of(source: Source) -> dict[tuple[str, str], int]:
    """The duty of every (site code, channel) of a source."""
    rows = Duty.objects.filter(site__source=source).values_list("site__code", "channel_id", "pk")
    return {(code, slug): pk for code, slug, pk in rows}


def _next_number() -> int:
    # On PostgreSQL two registrations at once could take the same; the constraint stops the second.
    last: int | None = Duty.objects.aggregate(last=Max("number"))["last"]
    return 0 if last is None else last + 1
