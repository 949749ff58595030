"""Everything that a measure or an illness costs: in which unit, and whether it is money.

Deaths, days locked in and school days stand in the ledger in their own units. No price turns them
into yuan: that is a judgement, and a person makes it by weights that stand beside the sum.
"""

from dataclasses import dataclass
from typing import Literal

__all__ = ["ITEMS", "PAYERS", "Item", "Party"]

Group = Literal[
    "testing", "staff", "quarantine", "care", "work", "school", "not_given", "restricted",
    "illness", "freight", "crossing", "ready",
]  # fmt: skip


@dataclass(frozen=True)
class Party:
    """Someone on whom a cost falls."""

    key: str
    en: str
    zh: str

    def of(self, lang: str) -> str:
        return self.zh if lang.startswith("zh") else self.en


@dataclass(frozen=True)
class Item:
    """One kind of cost. `series` names the daily series that counts it, where one does."""

    key: str
    group: Group
    unit: str
    en: str
    zh: str
    money: bool = False
    series: str = ""
    payer: str = ""  # who bears what is not money; who pays money is told by the prices

    def of(self, lang: str) -> str:
        return self.zh if lang.startswith("zh") else self.en

    def unit_of(self, lang: str) -> str:
        return _UNITS_ZH[self.unit] if lang.startswith("zh") else self.unit


_UNITS_ZH = {
    "tube": "管", "person": "人", "kit": "份", "staff-day": "人日", "room-day": "间日",
    "person-day": "人日", "transfer": "人次", "dose": "剂次", "bed-day": "床日",
    "workday": "工作日", "yuan": "元", "pupil-day": "学生日", "visit": "人次", "year": "年",
    "tonne": "吨", "tube-day": "管日", "hour": "小时", "trip": "人次",
}  # fmt: skip

PAYERS: dict[str, Party] = {
    party.key: party
    for party in (
        Party("city", "city government", "市政府"),
        Party("insurance", "medical insurance", "医保基金"),
        Party("enterprises", "enterprises", "企业"),
        Party("suppliers", "enterprises that supply them, anywhere", "上游企业（各地）"),
        Party("households", "households", "居民"),
        Party("ill", "the ill", "患者"),
    )
}

ITEMS: dict[str, Item] = {
    item.key: item
    for item in (
        Item("pcr_tube", "testing", "tube", "PCR, by tube", "核酸检测（按管）", True, "pcr_tubes"),
        Item(
            "pcr_swab", "testing", "person", "PCR, by person sampled", "核酸采样（按人次）",
            True, "pcr_people",
        ),
        Item("antigen", "testing", "kit", "antigen tests", "抗原检测", True, "antigen"),
        Item("tracer_day", "staff", "staff-day", "tracers", "流调人员", True, "tracer_days"),
        Item("sampler_day", "staff", "staff-day", "samplers", "采样人员", True, "sampler_days"),
        Item("lab_day", "staff", "staff-day", "laboratory staff", "检验人员", True, "lab_days"),
        Item(
            "facility_day", "quarantine", "room-day", "rooms of facility quarantine",
            "集中隔离用房", True, "in_facility",
        ),
        Item("room_ready", "ready", "room-day", "rooms held ready, empty", "备用空置房间", True),
        Item("tracer_ready", "ready", "staff-day", "tracers on call", "待命流调人员", True),
        Item(
            "tube_ready", "ready", "tube-day", "laboratories' tubes a day not used",
            "闲置检测能力", True,
        ),
        Item(
            "home_day", "quarantine", "person-day", "service to home quarantine",
            "居家隔离服务", True, "in_home",
        ),
        Item(
            "zone_day", "quarantine", "person-day", "supplies to lockdown zones",
            "封控区生活保障", True, "in_lockdown",
        ),
        Item("transfer", "quarantine", "transfer", "transfers", "转运", True, "transfers"),
        Item("dose", "care", "dose", "vaccination", "疫苗接种", True, "doses"),
        Item(
            "bed_isolation", "care", "bed-day", "beds for isolation", "隔离治疗床日",
            True, "in_isolation",
        ),
        Item("bed_severe", "care", "bed-day", "beds for the severe", "重症床日", True, "in_severe"),
        Item(
            "bed_critical", "care", "bed-day", "beds for the critical", "危重症床日",
            True, "in_critical",
        ),
        Item("work_ill", "work", "workday", "work not done: ill", "误工：患病", True),
        Item(
            "work_quarantine", "work", "workday", "work not done: in quarantine", "误工：隔离", True
        ),
        Item("work_zone", "work", "workday", "work not done: in a zone", "误工：封管控", True),
        Item(
            "work_closure", "work", "workday", "work not done: place closed", "误工：停业", True
        ),
        Item("gate_wait", "crossing", "hour", "waiting at checkpoints", "卡口等候", True),
        Item(
            "gate_trip", "crossing", "trip", "trips between districts not made",
            "未成行的跨区出行", True,
        ),
        Item(
            "gate_freight", "freight", "tonne", "freight held back between districts",
            "跨区货运滞留", True,
        ),
        Item("upstream", "work", "yuan", "orders lost by suppliers", "上游订单损失", True),
        Item(
            "school_day", "school", "pupil-day", "school days missed", "误课",
            series="pupils_home", payer="households",
        ),
        Item(
            "no_bed_isolation", "not_given", "bed-day", "isolation without a bed",
            "无床可用：隔离治疗", payer="ill",
        ),
        Item(
            "no_bed_severe", "not_given", "bed-day", "severely ill without a bed",
            "无床可用：重症", payer="ill",
        ),
        Item(
            "no_bed_critical", "not_given", "bed-day", "critically ill without a bed",
            "无床可用：危重症", payer="ill",
        ),
        Item(
            "visit_staff", "not_given", "visit", "visits not given: staff away",
            "未提供的诊疗：医务人员缺岗", payer="households",
        ),
        Item(
            "visit_zone", "not_given", "visit", "visits not made: in lockdown",
            "未就诊：封控", payer="households",
        ),
        Item(
            "in_lockdown", "restricted", "person-day", "in lockdown zones", "封控区内",
            series="in_lockdown", payer="households",
        ),
        Item(
            "in_control", "restricted", "person-day", "in control zones", "管控区内",
            series="in_control", payer="households",
        ),
        Item(
            "in_precaution", "restricted", "person-day", "in precaution zones", "防范区内",
            series="in_precaution", payer="households",
        ),
        Item(
            "in_facility", "restricted", "person-day", "in facility quarantine", "集中隔离",
            series="in_facility", payer="households",
        ),
        Item(
            "in_home", "restricted", "person-day", "in home quarantine", "居家隔离",
            series="in_home", payer="households",
        ),
        Item(
            "infection", "illness", "person", "infections", "感染",
            series="infections", payer="ill",
        ),
        Item("severe", "illness", "person", "severe cases", "重症", series="severe", payer="ill"),
        Item(
            "critical", "illness", "person", "critical cases", "危重症",
            series="critical", payer="ill",
        ),
        Item("death", "illness", "person", "deaths", "死亡", series="deaths", payer="ill"),
        Item("life_year", "illness", "year", "years of life lost", "损失寿命年", payer="ill"),
        Item("freight", "freight", "tonne", "freight delayed", "延误货运", payer="enterprises"),
    )
}  # fmt: skip
