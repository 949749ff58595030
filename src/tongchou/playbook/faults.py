"""What is wrong with a playbook: where, why, and how to mend it, in both languages."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong, with the line a person must go to."""

    file: str
    line: int
    path: str
    kind: str
    about: dict[str, object] = field(default_factory=dict, compare=False)

    def reason(self, lang: str = "en") -> str:
        return self._words(0 if lang.startswith("zh") else 2)

    def mend(self, lang: str = "en") -> str:
        return self._words(1 if lang.startswith("zh") else 3)

    def as_words(self, lang: str = "en") -> str:
        place = (f"{self.file}:{self.line}" if self.file else "", self.path)
        where = "".join(f"{part}: " for part in place if part)
        stop = "" if lang.startswith("zh") else " "
        return f"{where}{self.reason(lang)}{stop}{self.mend(lang)}"

    def _words(self, column: int) -> str:
        row = WORDS.get(self.kind, WORDS["other"])
        return row[column].format_map(_Blank(self.about))


class PlaybookError(ValueError):
    """A playbook cannot be used. `faults` has each reason, with its file and line."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(each.as_words() for each in faults))
        self.faults = faults


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return ""


# kind: (reason zh, mend zh, reason en, mend en)
WORDS: dict[str, tuple[str, str, str, str]] = {
    "not_toml": (
        "不是有效的 TOML：{reason}。",
        "请检查这一行的引号、括号和等号。",
        "This is not TOML: {reason}.",
        "Check quotes, brackets and the equals sign on this line.",
    ),
    "unreadable": (
        "文件打不开：{reason}。",
        "请检查路径和读取权限。",
        "The file cannot be opened: {reason}.",
        "Check its path, and whether you may read it.",
    ),
    "not_utf8": (
        "文件不是 UTF-8 编码。",
        "请用编辑器另存为 UTF-8。",
        "The file is not UTF-8 text.",
        "Save it as UTF-8 in your editor.",
    ),
    "not_a_table": (
        "这里应当是一个表。",
        "请写成 [{path}]，并在其下逐行写规则。",
        "A table belongs here.",
        "Write [{path}] and its rules below it, one a line.",
    ),
    "bare_value": (
        "这条规则只写了一个值，应有多项。",
        "请写成 {keys}。",
        "This rule is a single value where it needs several.",
        "Write {keys}.",
    ),
    "missing": (
        "缺少 {key}。",
        "请补上 {key}。",
        "{key} is missing.",
        "Add {key}.",
    ),
    "no_source": (
        "没有注明来源。",
        '请写明 source = "……"，可写在本条规则内，也可写在本表开头。',
        "The rule does not say where it comes from.",
        'Add source = "...", in the rule or at the head of its table.',
    ),
    "no_truth": (
        "没有注明可信程度。",
        "请写明 truth，可选：{choices}。",
        "The rule does not say how far it can be trusted.",
        "Add truth, one of: {choices}.",
    ),
    "unknown": (
        "没有 {key} 这个项目。",
        "{hint_zh}",
        "{key} is not a key of a playbook here.",
        "{hint_en}",
    ),
    "unknown_stage": (
        "上级预案的这个闭环没有 {key} 这个环节。",
        "{hint_zh}",
        "The extended playbook has no stage {key} in this loop.",
        "{hint_en}",
    ),
    "choice": (
        "{written} 不在可选范围内。",
        "可选：{choices}。",
        "{written} is not one of the choices.",
        "Write one of: {choices}.",
    ),
    "not_a_duration": (
        "{written} 不是时长。",
        '请写成 "2h"（2 小时）、"90m"（90 分钟）或 "7d"（7 天）。',
        "{written} is not a duration.",
        'Write "2h", "90m" or "7d" (hours, minutes, days).',
    ),
    "duration_too_long": (
        "{written} 超过十年。",
        "请检查单位：d 为天，h 为小时，m 为分钟。",
        "{written} is longer than ten years.",
        "Check the unit: d is days, h hours, m minutes.",
    ),
    "not_positive": (
        "时限必须大于零。",
        '请写至少一分钟，如 "1m"。',
        "The time must be longer than nothing.",
        'Write at least one minute, "1m".',
    ),
    "war_longer_than_peace": (
        "战时时限长于平时。",
        "请缩短 war 或延长 peace；战时不得比平时更慢。",
        "The time at war is longer than in peace.",
        "Shorten war or lengthen peace: war is never the slower of the two.",
    ),
    "unmanaged_yet_quarantined": (
        "写明不管理（managed = false），却又规定了隔离天数。",
        "请删去 quarantine，或在文件开头的 without 中列出它。",
        "Says managed = false and yet gives days of quarantine.",
        "Remove quarantine, or list it in `without` at the head of the file.",
    ),
    "managed_without_quarantine": (
        "写明要管理（managed = true），却没有隔离天数。",
        '请补上 quarantine，如 [{{ site = "home", days = 7 }}]。',
        "Says managed = true but gives no days of quarantine.",
        'Add quarantine, such as [{{ site = "home", days = 7 }}].',
    ),
    "test_days_out_of_order": (
        "检测日没有按先后排列，或有重复。",
        "请从小到大写，每天只写一次。",
        "The test days are not in order, or one stands twice.",
        "Write them from first to last, each once.",
    ),
    "test_after_release": (
        "第 {day} 天检测时，人已在第 {days} 天解除隔离。",
        "请删去该检测日，或延长隔离天数。",
        "Day {day} is tested after the release on day {days}.",
        "Remove that test day, or lengthen the quarantine.",
    ),
    "spread_of_law": (
        "{law} 分布的 sd_days 不对。",
        "lognormal 和 gamma 要写 sd_days；exponential 和 constant 不写。",
        "sd_days does not fit the law {law}.",
        "lognormal and gamma need sd_days; exponential and constant have none.",
    ),
    "no_days": (
        "{law} 分布的平均天数不能是零。",
        '请写大于零的 mean_days，或写 law = "constant"。',
        "The mean of a {law} stage cannot be zero days.",
        'Write mean_days above zero, or law = "constant".',
    ),
    "bands": (
        "年龄段与数值不对应。",
        "from_age 应从 0 起由小到大，value 与它一样多。",
        "The bands of age and the values do not match.",
        "from_age rises from 0, and value has as many numbers.",
    ),
    "worse_is_rarer": (
        "{worse} 在某个年龄高于 {less}。",
        "各项都是占感染者的比例，越重的不得越多。",
        "{worse} is above {less} at some age.",
        "All are shares of the infected: the worse state is never the more frequent.",
    ),
    "one_or_two": (
        "这条规则要么只写一个值，要么平时、战时各写一个。",
        "请写 {{ value = … }}，或 {{ peace = …, war = … }}。",
        "This rule is one value, or one in peace and one at war.",
        "Write {{ value = … }}, or {{ peace = …, war = … }}.",
    ),
    "worse_is_prevented": (
        "{worse} 低于 {less}。",
        "预防感染也就预防了重症和死亡，后者不得更低。",
        "{worse} is below {less}.",
        "What prevents infections prevents severe illness and death at least as often.",
    ),
    "course_from_nowhere": (
        "course.{course} 沿用的 {name} 不存在，或沿用成了一圈。",
        "请在 [course] 中写出 {name}，或修改 same_as。",
        "course.{course} starts from {name}, which is not there or leads back to it.",
        "Add {name} to [course], or change same_as.",
    ),
    "course_lacks": (
        "course.{course} 缺少 {key}。",
        "请补上 {key}，或用 same_as 沿用另一种病程。",
        "course.{course} does not say {key}.",
        "Add {key}, or start from another course with same_as.",
    ),
    "course_of_nothing": (
        "没有 {name} 这种疾病。",
        "请在 [disease] 中写出它，或修改病程的名称。",
        "There is no disease {name}.",
        "Add it to [disease], or change the name of the course.",
    ),
    "window_backwards": (
        "起始日不早于结束日。",
        "请检查 from_days 与 to_days；负数表示发病前。",
        "The window ends before it starts.",
        "Check from_days and to_days; a negative day is before onset.",
    ),
    "no_such_disease": (
        "main_disease 指向的 {name} 不在 [disease] 中。",
        "请改为已有的疾病代码，或补上 [disease.{name}]。",
        "main_disease names {name}, which has no [disease.{name}].",
        "Use the code of a disease in this playbook, or add its table.",
    ),
    "places_and_rooms": (
        "既列了场所类别，又要求同一密闭空间。",
        "请二者留一。",
        "Kinds of place are named and shared rooms are asked for as well.",
        "Keep one of the two.",
    ),
    "lift_leads_nowhere": (
        "{zone} 解除后转为 {name}，但没有这一级区域。",
        "请把 lift 的 to 改为已有的另一级区域。",
        "{zone} is lifted to {name}, and there is no such zone.",
        "Let `to` of its lift name another zone of this playbook.",
    ),
    "no_close_contacts": (
        "没有密切接触者的规则。",
        "请补上 [contact.close]。",
        "There is no rule for close contacts.",
        "Add [contact.close].",
    ),
    "unknown_playbook": (
        "没有编号为 {name} 的预案。",
        "{hint_zh}",
        "There is no playbook {name}.",
        "{hint_en}",
    ),
    "extends_itself": (
        "预案之间循环沿用：{chain}。",
        "请删去其中一处 extends。",
        "The playbooks extend one another in a circle: {chain}.",
        "Remove one `extends` of the circle.",
    ),
    "base_is_faulty": (
        "所沿用的预案 {name} 有错误。",
        "请先改正它：{reason}",
        "The playbook {name} that it extends is faulty.",
        "Mend that one first: {reason}",
    ),
    "nothing_to_leave_out": (
        "without 中的 {name} 在所沿用的预案里不存在。",
        "{hint_zh}",
        "`without` names {name}, which the extended playbook does not have.",
        "{hint_en}",
    ),
    "wrong_type": (
        "{written} 的类型不对。",
        "这里应写{wanted_zh}。",
        "{written} is of the wrong kind.",
        "Write {wanted_en} here.",
    ),
    "out_of_range": (
        "{written} 超出范围。",
        "应{wanted_zh}。",
        "{written} is out of range.",
        "It must be {wanted_en}.",
    ),
    "empty": (
        "这里不能为空。",
        "请填写内容，或删去这一项。",
        "This must not be empty.",
        "Fill it in, or remove the key.",
    ),
    "bad_name": (
        "{written} 不能作为名称。",
        "只用小写字母、数字，预案编号用连字符，代码用下划线。",
        "{written} cannot be used as a name.",
        "Use small letters and digits; hyphens in a playbook's id, underscores in codes.",
    ),
    "other": (
        "{reason}",
        "请对照手册中的预案一章修改。",
        "{reason}",
        "Compare with the handbook page on the playbook.",
    ),
}
