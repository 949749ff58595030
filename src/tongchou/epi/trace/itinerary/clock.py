"""The pattern of a time as Chinese texts write it, and its parts. Nothing is resolved here.

One pattern finds a whole expression (1月21日晚上8时许); a text of a page is read in one pass.
"""

import re

from tongchou.epi.trace.itinerary import holidays

_D = r"(?:3[01]|[12]\d|0?[1-9])"  # a day of the month
_M = r"(?:1[0-2]|0?[1-9])"
_H = r"(?:2[0-4]|1\d|0?\d)"
_CD = r"(?:三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])"
_CM = r"(?:十[一二]?|元|正|[一二三四五六七八九])"
_YEAR = r"(?:(?:19|20)\d\d年|(?<!\d)2[0-4]年|今年|去年|当年|同年|二零[一二三四五六七八九零]{2}年)"

PARTS = {
    "凌晨": (0, 6),
    "清晨": (5, 8),
    "早晨": (6, 9),
    "早上": (6, 9),
    "今晨": (5, 8),
    "上午": (8, 12),
    "中午": (11, 14),
    "午间": (11, 14),
    "正午": (11, 13),
    "下午": (12, 18),
    "午后": (12, 18),
    "傍晚": (17, 20),
    "晚上": (18, 24),
    "晚间": (18, 24),
    "当晚": (18, 24),
    "夜间": (18, 24),
    "夜里": (19, 24),
    "夜晚": (18, 24),
    "深夜": (21, 24),
    "半夜": (22, 24),
    "午夜": (22, 24),
    "早": (6, 9),
    "晨": (5, 8),
    "晚": (18, 24),
    "夜": (19, 24),
}
_LONG = "|".join(p for p in PARTS if len(p) > 1 and p != "今晨")
_MEAL = r"(?![餐饭宴婚会期市班报课场睡起归查茶操恋]|自习)"
_PART = rf"(?:{_LONG}|早(?!点[铺店摊心吃]){_MEAL}|[晨晚夜]{_MEAL})"
_MINUTE = r"(?:[0-5]?\d分?|半|一刻|三刻|整)"
_CHINESE_HOUR = (
    r"(?:十[一二]?|[一二两三四五六七八九])[点时]"
    r"(?:[一二三四五]?十[一二三四五六七八九]?分|半|一刻|三刻|整)?"
)
_CLOCK = (
    rf"(?:{_H}[:][0-5]\d(?!岁|\d{{2}}年)(?:[:][0-5]\d)?分?|{_H}[时点](?![候间段刻差尚代常事装而光])(?:{_MINUTE})?"
    rf"|{_CHINESE_HOUR}(?![候间段刻差尚代常事装而光]))"
)
_ABOUT = r"(?:左右|前后|许|多(?!次|人|名|地|家))"
_WHEN = rf"(?:{_PART}\s?(?:{_CLOCK})?{_ABOUT}?|{_CLOCK}{_ABOUT}?)"
#: A dash, or the place where one was lost (9:3210:10).
_DASH = r"(?:-|(?<=[:]\d\d)(?=\d\d[:]\d\d))"

#: What makes 1.5 an amount and no day.
_UNITS = r"\s?(?:[万亿个岁米公千度倍元小克毫厘分人例次名%]|多|左右)"

DATE = (
    rf"(?:(?P<ymd>(?P<y1>20\d\d|19\d\d)(?P<sep>[-/.])(?P<m1>{_M})(?P=sep)(?P<d1>{_D})(?=\D|20\d\d|$)日?)"
    rf"|(?P<md>(?:(?P<y2>{_YEAR})[ ]?)?(?<!\d)(?P<m2>{_M})\s?月\s?(?P<d2>{_D})"
    rf"(?P<ri>\s?[日号]|(?![\d月天个名例人岁年次.:]))(?!楼|线|院|车))"
    rf"|(?P<cmd>(?P<y4>{_YEAR})?(?P<m4>{_CM})月(?P<d4>{_CD}|{_D})[日号])"
    rf"|(?P<dotted>(?<![\d.])(?P<m8>1[0-2]|[1-9])\.(?P<d8>{_D})日?"
    rf"(?={_PART}|[\u4e00-\u9fff ])(?!{_UNITS}))"
    rf"|(?P<tenth>(?:(?P<y3>{_YEAR}))?(?<!\d)(?P<m3>{_M}|{_CM})月(?:份)?(?P<third>上旬|中旬|下旬|初(?![一二三四五六七八九十])|中(?!旬)|底|末))"
    rf"|(?P<ym>(?P<y5>{_YEAR})(?P<m5>{_M})月(?:份)?)"
    rf"|(?P<day>(?<![\d月.第/:街路巷道弄段号A-Z])(?P<d6>{_D})(?:日(?![均内龄])|号(?![楼线院车航桌病门店厅馆])))"
    rf"|(?P<same>当[日天](?=[^\d]|\d)|同[日天]|当晚|今[日天]|今晨|今晚)"
    rf"|(?P<next>次日|翌日|第二[天日]|隔[日天])"
    rf"|(?P<last>昨[日天]|昨晚|前[一]?[日天](?!晚期))"
    rf"|(?P<feast_>{holidays.PATTERN.pattern}))"
)

#: The characters a time can begin with; most of a text is skipped by this alone.
_FIRST = (
    r"(?=[\d一二三四五六七八九十两元正今去当同次翌第隔昨前农阴大腊除年春小北南清端中重情劳儿国平圣现"
    r"凌初早上午下傍晚夜深半晨])"
)
MOMENT = re.compile(
    rf"{_FIRST}(?:{DATE}(?:[ ,]?(?P<when>{_WHEN})(?:{_DASH}(?P<until>{_WHEN}))?"
    rf"|(?<=[日号])(?P<until_date>(?:(?P<m7>{_M})月)?(?P<d7>{_D})[日号])(?!\d))?"
    rf"|(?P<now>现在)|(?<![\d.])(?<!\d:)(?P<alone>{_WHEN})(?:{_DASH}(?P<alone_until>{_WHEN}))?)"
)
#: Words that mean the time of the report.
NOW = ("现在", "目前")
#: Days from and to whose dash was lost on the way, as in some archives (1月1520日).
DAYS = re.compile(
    rf"(?=[\d今去当同二])(?:(?P<y>{_YEAR})?(?<!\d)(?P<m>{_M})月)?(?<![\d.:/])(?P<a>{_D})"
    rf"(?P<b>[12]\d|3[01])日"
)
#: A part of the day: 下午, 晚.
PART = re.compile(_PART)
CLOCK = re.compile(
    rf"(?P<part>{_PART})?\s?(?:(?P<h>{_H})[:](?P<mi>[0-5]\d)(?:[:][0-5]\d)?"
    rf"|(?P<h2>{_H}|十[一二]?|[一二两三四五六七八九])[时点](?P<mi2>半|一刻|三刻|整|[0-5]?\d|[一二三四五]?十[一二三四五六七八九]?)?)?"
)
