"""The words of the field for the names used in playbooks: name -> (Chinese, English).

Names that are not here, such as a disease a city adds, are shown as they are written.
"""

NAMES: dict[str, tuple[str, str]] = {
    # sections
    "disease": ("疾病", "Disease"),
    "contact": ("接触者管理", "Contacts"),
    "group": ("其他管理人员", "Other managed people"),
    "deadlines": ("交接时限", "Deadlines"),
    "escalation": ("断点升级", "Escalation of gaps"),
    "zone": ("风险区域", "Zones"),
    "meeting": ("同时空接触判定", "Contacts found by place"),
    "timeliness": ("时效目标", "Timeliness targets"),
    "retention": ("个人信息保存期限", "Retention of personal data"),
    "red_lines": ("红线（任何指令不得违反）", "Red lines that no order may cross"),
    "main_disease": ("适用疾病", "written for"),
    # diseases
    "covid19_wild": ("新冠（原始株）", "COVID-19, wild type"),
    "covid19_delta": ("新冠（德尔塔）", "COVID-19, Delta"),
    "covid19_omicron": ("新冠（奥密克戎）", "COVID-19, Omicron"),
    "mers": ("中东呼吸综合征", "MERS"),
    "ebola": ("埃博拉出血热", "Ebola virus disease"),
    "influenza": ("流行性感冒", "Influenza"),
    "incubation_period": ("潜伏期", "incubation period"),
    "incubation_max_days": ("最长潜伏期", "longest incubation"),
    "serial_interval": ("序列间隔", "serial interval"),
    "infectious_window": ("传染期（距发病）", "infectious window (from onset)"),
    "title": ("名称", "name"),
    # people
    "close": ("密切接触者", "close contacts"),
    "secondary": ("密接的密接", "secondary contacts"),
    "general": ("一般接触者", "general contacts"),
    "entrant": ("入境人员", "people entering the country"),
    "spill_over_high": ("高风险区外溢人员", "people from high-risk areas"),
    "spill_over_medium": ("中风险区外溢人员", "people from medium-risk areas"),
    "spill_over_low": ("低风险区来往人员", "people from low-risk areas"),
    "closed_loop_worker": ("闭环作业人员（离岗后）", "closed-loop workers after their turn"),
    "definition": ("判定标准", "who counts"),
    "managed": ("是否管理", "managed"),
    "look_back_days": ("判定回溯", "look back before onset"),
    "quarantine": ("隔离管理", "quarantine"),
    "test_days": ("核酸检测日", "test days"),
    # loops and their stages
    "case_report": ("病例报告", "case report"),
    "reported": ("报告后复核确认", "reported, to be verified"),
    "verified": ("确认后核心流调", "verified, core facts to be found"),
    "investigated": ("流调后转运收治", "investigated, to be admitted"),
    "admitted": ("收治", "admitted"),
    "recovered": ("出院后随访", "recovered, to be followed up"),
    "investigation": ("流行病学调查", "investigation"),
    "opened": ("接案后核心信息", "opened, core facts due"),
    "unreachable": ("联系不上", "case cannot be reached"),
    "core_known": ("核心信息后完整报告", "core known, full report due"),
    "submitted": ("报告审核", "report submitted, to be accepted"),
    "contact_loop": ("接触者管控", "contact"),
    "listed": ("判定后通知", "listed, to be notified"),
    "notified": ("通知后落位", "notified, to be located"),
    "located": ("落位后转运入住", "located, to be received at the site"),
    "received": ("期满解除", "quarantine over, to be released"),
    "not_found": ("查找失联人员", "not found, to be traced"),
    "elsewhere": ("外地协查", "elsewhere, to be accepted there"),
    "quarantine_stay": ("隔离", "quarantine stay"),
    "awaiting_transfer": ("待转运", "awaiting transfer"),
    "in_facility": ("集中隔离期满", "days in the facility over"),
    "at_home": ("居家隔离期满", "days at home over"),
    "absent": ("擅离隔离点", "absent from quarantine"),
    "ill": ("隔离期间发病", "ill in quarantine, to be admitted"),
    # escalation
    "step": ("每级停留", "time on each rung"),
    "rungs": ("升级层级", "rungs"),
    "street": ("街道", "street"),
    "district": ("区县", "district"),
    "city": ("市级", "city"),
    # zones
    "high": ("高风险区", "high risk"),
    "medium": ("中风险区", "medium risk"),
    "low": ("低风险区", "low risk"),
    "unit": ("划定单元", "drawn as"),
    "people": ("人员要求", "people"),
    "lift": ("降级或解除", "lifted"),
    # what people did together, and where
    "household": ("共同居住", "shared a home"),
    "meal": ("共同就餐、聚会或娱乐", "shared a meal, gathering or entertainment"),
    "closed_workplace": ("同一密闭场所工作或学习", "shared a closed workplace or class"),
    "long_journey": ("长途同乘", "shared a long journey"),
    "closed_room": ("同一密闭空间", "shared a room or vehicle"),
    "same_place": ("同乘交通工具或同处一地", "same vehicle or place"),
    "home_kind": ("住处", "home"),
    "work_kind": ("单位", "work"),
    "school_kind": ("学校", "school"),
    "vehicle_kind": ("交通工具", "vehicle"),
    "train_kind": ("列车", "train"),
    "shop_kind": ("商店", "shop"),
    "restaurant_kind": ("餐馆", "restaurant"),
    "medical_kind": ("医疗机构", "medical"),
    "lodging_kind": ("旅馆", "lodging"),
    "leisure_kind": ("休闲场所", "leisure"),
    "outdoor_kind": ("室外", "outdoor"),
    "care_kind": ("养老院", "care home"),
    "gathering_kind": ("聚会", "gathering"),
    "other_kind": ("其他", "other"),
    # where and how
    "facility": ("集中隔离", "in a facility"),
    "home": ("居家隔离", "at home"),
    "facility_monitoring": ("集中健康监测", "of monitoring in a facility"),
    "home_monitoring": ("居家健康监测", "of monitoring at home"),
    # retention
    "personal_data_days": ("身份信息", "identities"),
    "itinerary_days": ("行程轨迹", "itineraries"),
    "visit_days": ("到访记录", "visits"),
    "export_file_days": ("导出文件", "exported files"),
    # truth labels
    "verified_truth": ("已核对原文", "verified"),
    "seen_in_weak_source_truth": ("见于转载", "seen in a weak source"),
    "seed_truth": ("见于源报告", "from a source report"),
    "computed_truth": ("推算", "computed"),
    "memory_truth": ("凭记忆，待核实", "from memory, unchecked"),
    # distributions
    "gamma": ("伽马分布", "gamma"),
    "lognormal": ("对数正态分布", "lognormal"),
    "weibull": ("韦布尔分布", "Weibull"),
}


def word(name: str, lang: str) -> str:
    """The field's word for a name, or the name itself with its underscores opened."""
    zh_en = NAMES.get(name)
    if zh_en is None:
        return name.replace("_", " ")
    return zh_en[0] if lang.startswith("zh") else zh_en[1]
