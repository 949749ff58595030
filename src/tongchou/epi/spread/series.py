"""The daily series that a run leaves behind: what each counts, in which unit, in which words.

A flow counts what happened during a day, a stock who is where at its end, staff the days that
people worked. Summed over days, a stock therefore becomes days of persons.
"""

from dataclasses import dataclass
from typing import Literal

__all__ = ["SERIES", "Kind", "Series", "named"]

Kind = Literal["flow", "stock", "staff"]


@dataclass(frozen=True)
class Series:
    """One daily series by district. `unit` is that of a day's value; `total_unit` of their sum."""

    name: str
    unit: str
    kind: Kind
    en: str
    zh: str

    @property
    def total_unit(self) -> str:
        return f"{self.unit}-days" if self.kind == "stock" else self.unit


SERIES: dict[str, Series] = {
    series.name: series
    for series in (
        Series("infections", "person", "flow", "infections", "感染"),
        Series("imported", "person", "flow", "imported infections", "输入感染"),
        Series("symptomatic", "person", "flow", "onsets of symptoms", "发病"),
        Series("severe", "person", "flow", "severe cases", "重症"),
        Series("critical", "person", "flow", "critical cases", "危重症"),
        Series("deaths", "person", "flow", "deaths", "死亡"),
        Series("recovered", "person", "flow", "recovered", "康复"),
        Series("found", "person", "flow", "cases confirmed by a test", "检测确诊"),
        Series("found_in_quarantine", "person", "flow", "of these in quarantine", "隔离中发现"),
        Series("pcr_tubes", "tube", "flow", "PCR tubes", "核酸管数"),
        Series("pcr_people", "person", "flow", "people sampled for PCR", "核酸采样人次"),
        Series(
            "pcr_missed",
            "person",
            "flow",
            "people not sampled for want of laboratories",
            "检测能力不足未采样人次",
        ),
        Series("gate_tested", "person", "flow", "people sampled at checkpoints", "卡口采样人次"),
        Series("antigen", "kit", "flow", "antigen tests", "抗原检测"),
        Series("traced_cases", "person", "flow", "cases whose contacts were traced", "流调病例"),
        Series("traced_contacts", "person", "flow", "contacts traced", "追踪到的接触者"),
        Series("facility_orders", "order", "flow", "orders of facility quarantine", "集中隔离令"),
        Series("home_orders", "order", "flow", "orders of home quarantine", "居家隔离令"),
        Series("transfers", "transfer", "flow", "transfers", "转运"),
        Series("doses", "dose", "flow", "doses of vaccine", "疫苗接种剂次"),
        Series("infectious", "person", "stock", "infectious", "有传染性"),
        Series("in_isolation", "person", "stock", "patients in isolation", "隔离治疗"),
        Series("in_severe", "person", "stock", "in beds for the severe", "重症在床"),
        Series("in_critical", "person", "stock", "in beds for the critical", "危重症在床"),
        Series("in_facility", "person", "stock", "in facility quarantine", "集中隔离"),
        Series("in_home", "person", "stock", "in home quarantine", "居家隔离"),
        Series("in_lockdown", "person", "stock", "in lockdown zones", "封控区内"),
        Series("in_control", "person", "stock", "in control zones", "管控区内"),
        Series("in_precaution", "person", "stock", "in precaution zones", "防范区内"),
        Series(
            "kept_from_crossing",
            "person",
            "stock",
            "people kept from crossing between districts",
            "跨区出行受阻人数",
        ),
        Series("pupils_home", "pupil", "stock", "pupils kept home", "停课学生"),
        Series("tracer_days", "staff-day", "staff", "days of tracers", "流调人员工日"),
        Series("sampler_days", "staff-day", "staff", "days of samplers", "采样人员工日"),
        Series("lab_days", "staff-day", "staff", "days of laboratory staff", "检验人员工日"),
    )
}


def named(name: str) -> Series:
    """The series of this name. Raises ValueError, with all names, where there is none."""
    try:
        return SERIES[name]
    except KeyError:
        raise ValueError(f"no series is called {name!r}; there are: {', '.join(SERIES)}") from None
