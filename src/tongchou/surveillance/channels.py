"""The channels that ship with the house. A city adds its own; nothing here is special to the code.

Cumulative ones are official figures as they are published: what was new on a day is derived from
them, on the day counted (`situation`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tongchou.surveillance.models import Cadence, Channel, ChannelKind, Measure


@dataclass(frozen=True, slots=True)
class Shipped:
    slug: str
    name: str
    name_en: str
    kind: ChannelKind
    measure: Measure
    denominator: Measure | None = None
    cadence: Cadence = Cadence.DAILY
    cumulative: bool = False


K, M = ChannelKind, Measure
#: The official figures of an area, in the order of a bulletin.
CONFIRMED, SUSPECTED, CURED, DEAD = (
    "official-confirmed",
    "official-suspected",
    "official-cured",
    "official-dead",
)
OFFICIAL = (CONFIRMED, SUSPECTED, CURED, DEAD)
SHIPPED = (
    Shipped("fever-clinic", "发热门诊就诊", "Fever clinic visits", K.FEVER_CLINIC, M.VISITS),
    Shipped("respiratory", "呼吸道症状", "Respiratory visits", K.OUTPATIENT, M.VISITS, M.VISITS),
    Shipped("gastro", "腹泻门诊", "Diarrhoea visits", K.OUTPATIENT, M.VISITS, M.VISITS),
    Shipped("ili", "流感样病例", "Influenza-like illness", K.OUTPATIENT, M.VISITS, M.VISITS),
    Shipped("pharmacy-fever", "退热药购药", "Fever medicine bought", K.PHARMACY, M.PURCHASES),
    Shipped("pharmacy-cough", "止咳药购药", "Cough medicine bought", K.PHARMACY, M.PURCHASES),
    Shipped("school-absence", "因病缺课", "Pupils ill", K.SCHOOL_ABSENCE, M.PUPILS, M.PUPILS),
    Shipped("work-absence", "因病缺勤", "Workers absent ill", K.WORK_ABSENCE, M.PERSONS, M.PERSONS),
    Shipped("antigen-positive", "抗原阳性", "Antigen positive", K.ANTIGEN, M.TESTS, M.TESTS),
    Shipped("pcr-positive", "核酸阳性", "PCR positive", K.PCR, M.TESTS, M.TESTS),
    Shipped("hotline-fever", "热线发热求助", "Hotline calls about fever", K.HOTLINE, M.CALLS),
    Shipped("wastewater", "污水病毒浓度", "Wastewater", K.WASTEWATER, M.COPIES, M.CUBIC_METRES),
    Shipped("deaths", "死亡登记", "Registered deaths", K.DEATHS, M.PERSONS),
    Shipped(
        "ili-weekly", "流感样病例（周）", "Influenza-like illness, weekly",
        K.OUTPATIENT, M.VISITS, M.VISITS, Cadence.WEEKLY,
    ),
    Shipped(
        "ili-providers", "流感样病例报告单位（周）", "Providers reporting, weekly",
        K.OTHER, M.SITES, None, Cadence.WEEKLY,
    ),
    Shipped(CONFIRMED, "累计确诊", "Confirmed, cumulative", K.OFFICIAL, M.PERSONS, cumulative=True),
    Shipped(SUSPECTED, "累计疑似", "Suspected, cumulative", K.OFFICIAL, M.PERSONS, cumulative=True),
    Shipped(CURED, "累计治愈", "Cured, cumulative", K.OFFICIAL, M.PERSONS, cumulative=True),
    Shipped(DEAD, "累计死亡", "Dead, cumulative", K.OFFICIAL, M.PERSONS, cumulative=True),
)  # fmt: skip


def stand(slugs: Iterable[str] | None = None) -> dict[str, Channel]:
    """The channels of these short names (all shipped ones without), made where they are not yet."""
    wanted = set(slugs) if slugs is not None else {each.slug for each in SHIPPED}
    known = Channel.objects.in_bulk(list(wanted))
    new = [unsaved(each) for each in SHIPPED if each.slug in wanted and each.slug not in known]
    Channel.objects.bulk_create(new, ignore_conflicts=True)
    return known | {channel.pk: channel for channel in new}


def unsaved(each: Shipped) -> Channel:
    """A shipped channel as a row that is not written yet."""
    return Channel(
        slug=each.slug,
        name=each.name,
        name_en=each.name_en,
        kind=each.kind,
        measure=each.measure,
        denominator=each.denominator or "",
        cadence=each.cadence,
        cumulative=each.cumulative,
    )
