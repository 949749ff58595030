"""The people a text is about: label, masked name, age, sex, and how each was found."""

import re
from bisect import bisect_left

from tongchou.epi.trace.itinerary.facts import Found, Person, Place
from tongchou.epi.trace.itinerary.writing import number

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍"
    "庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙"
    "鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边"
    "卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘"
    "满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜"
    "羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由"
)
#: 某 before one of these is "some hospital", not a name.
_SOME = "医院|小区|酒店|公司|市|区|县|镇|村|单位|宾馆|饭店|超市|学校|商场|工地"
_GIVEN = r"(?:(?<!某某)[\u4e00-\u9fff](?=[,、。:;(]))?"
_NAME = (
    rf"(?:欧阳|上官|司徒|诸葛|司马|[{_SURNAMES}])"
    rf"(?:某(?!{_SOME})(?:某|[甲乙丙丁\d])?{_GIVEN}|[xX×*＊]{{1,2}})"
)
NAME = re.compile(_NAME)
_COUNT = r"(?:\d{1,5}|[一二三四五六七八九十百]{1,5})"
_WHO = r"(?:确诊)?(?:新增)?(?:确诊|疑似|无症状)?(?:病例|患者|感染者|无症状感染者)"
LABEL = re.compile(
    rf"(?:\d{{1,2}}月\d{{1,2}}日(?:新增)?(?:确诊|疑似))?(?:新增)?(?:本土)?(?:无症状感染者|病例|患者|感染者)\s?{_COUNT}(?![月日时名人岁例年/.]|号楼|\d)"
    rf"|(?:我[市省区县])?第\s?{_COUNT}\s?例(?:新增)?(?:确诊|疑似)?(?:病例|患者)?|第\s?{_COUNT}\s?号(?:确诊)?(?:病例|患者)"
    rf"|(?:^|(?<=\n))\s*\({_COUNT}\)|(?:^|(?<=\n))\s*\d{{1,3}}[.、](?!\d)|(?:患者|病例|死者)(?={_NAME})"
)  # fmt: skip
AGE = re.compile(
    r"(?<![\d.])(?P<y>\d{1,3})\s?(?:周岁|岁)(?:(?P<m>\d{1,2})个?月)?(?!以[上下内])"
    r"|(?<![\d.])(?P<mo>\d{1,2})(?:个月|月龄)(?=[大的,，。男女婴]|患儿)"
    r"|(?P<born>(?:19|20)\d\d)年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:出)?生"
)
SEX = re.compile(
    r"(?P<m>(?<![父母子长次幼一二三两儿孙之])男(?!友|朋友|方|孩|童|婴|装|科|宝|宾|同|厕|士|生|人|子|儿|篮|女)性?|男(?=婴|童|孩))"
    r"|(?P<f>(?<![父母子长次幼一二三两儿孙妇侄甥少美仙男养继亲之])女(?!友|朋友|方|孩|童|婴|装|儿|婿|宝|宾|同|厕|士|生|人|子|工|娃|排|贞|篮|足|神|王)性?|女(?=婴|童|孩))"
)
_LISTED = re.compile(r":\s?\d{1,3}岁$")
_CASE = r"(?:病例|患者|病人|感染者)"
#: How somebody was found, by the first of these that the text about them has.
HOW_FOUND: tuple[tuple[str, str], ...] = (
    (
        "assist_request",
        r"(?:外[省市地区]|异地)?(?:协查|推送|通报)的?"
        r"(?:密接|密切接触者|人员|函|信息)?",
    ),
    (
        "quarantine",
        r"在?(?:集中)?隔离(?:点|期间|管控|管控中|医学观察期间|人员|观察中)[^。;\n]{0,12}?"
        r"(?:发现|检出|检测|筛查|阳性|采样)|隔离管控人员|隔离中的病例密切接触者"
        r"|隔离点(?:筛查|检出|发现)|集中隔离(?:人员)?筛查",
    ),
    (
        "close_contact",
        r"(?:系|为|是|作为)?[^。;,\n(]{0,16}?(?:次密接|次密切接触者|密接|密切接触者)(?:筛查|检测|排查)?",
    ),
    (
        "community_screening",
        r"社会面(?:筛查|检测)?(?:发现)?|(?:全员|大规模|区域|常态化)核酸(?:检测|筛查)?"
        r"|社区(?:核酸)?(?:检测|筛查|排查)|重点人群筛查|愿检尽检|应检尽检|筛查发现",
    ),
    (
        "clinic",
        r"主动(?:就诊|就医|检测|到[^。,]{0,12}(?:就诊|检测))|发热门诊就诊"
        r"|自行(?:前往|到)[^。,]{0,16}就诊|就诊时?发现",
    ),
    (
        "arrival_screening",
        r"主动?(?:报备|申报)[^。,]{0,8}|返[\u4e00-\u9fff]{1,3}人员(?:筛查|检测|排查)"
        r"|入境人员|入境(?:筛查|检测|时)|口岸(?:检测|检疫)",
    ),
    (
        "contact_of_case",
        rf"(?:与|和|系|为|有)[^。;\n,]{{0,16}}?{_CASE}[^。;\n,]{{0,12}}?"
        r"(?:接触史|密切接触|有接触|流行病学关联)",
    ),
)
_HOW = tuple((value, re.compile(pattern)) for value, pattern in HOW_FOUND)


def marks(text: str, plain: str) -> tuple[Found, ...]:
    """Labels, names, ages and sexes of anyone, in order; overlaps go to the first."""
    found: list[Found] = []
    for m in LABEL.finditer(plain):
        skip = len(m[0]) - len(m[0].lstrip())
        a, b = m.start() + skip, m.end()
        if b > a:
            found.append(Found(a, b, text[a:b], 0.9, "label"))
    for m in NAME.finditer(plain):
        found.append(Found(*m.span(), text[slice(*m.span())], 0.9, "name"))
    for m in AGE.finditer(plain):
        found.append(Found(*m.span(), text[slice(*m.span())], 0.98, "age"))
    for m in SEX.finditer(plain):
        a, b = m.span()
        if _LISTED.search(plain[max(0, a - 8) : a]) and plain.startswith("患者", b):
            b = a + 1  # 病例3：45岁男性患者 is marked 男 by all but one in forty
        found.append(Found(a, b, text[a:b], 0.98, "sex"))
    return tuple(sorted(found, key=lambda f: (f.start, -f.end)))


def years(m: re.Match[str], year: int) -> float | None:
    """An age in years from 23岁, 1岁3个月, 5个月 or 1970年出生 (by the year of the report)."""
    if m["y"]:
        age = int(m["y"]) + (round(int(m["m"]) / 12, 2) if m["m"] else 0)
    elif m["mo"]:
        age = round(int(m["mo"]) / 12, 2)
    else:
        age = year - int(m["born"])
    return age if 0 <= age <= 120 else None


def heads(plain: str, marks: tuple[Found, ...]) -> list[Found]:
    """Where the text begins to tell of each person.

    That is a label, or a name with sex or age behind it, where a sentence begins.
    """
    found: list[Found] = []
    for mark in marks:
        if not _opens(plain, mark, marks):
            continue
        near = found and mark.start - found[-1].end <= 8
        if not near or _breaks(plain[found[-1].end : mark.start]):  # 病例5：刘某某，女 is one
            found.append(mark)
    if not found:
        found = [m for m in marks if m.value in ("age", "sex")][:1]
    return found


def find(
    text: str,
    plain: str,
    begins: list[Found],
    marks: tuple[Found, ...],
    places: tuple[Place, ...],
    year: int,
) -> tuple[Person, ...]:
    """The people the text tells of, in order, each with the stretch of text about them.

    `begins`: what `heads` found; `year`: of the report, for those whose birth year is told.
    """
    people = []
    marked, placed = [m.start for m in marks], [p.start for p in places]
    for i, head in enumerate(begins):
        end = begins[i + 1].start if i + 1 < len(begins) else len(text)
        own = marks[bisect_left(marked, head.start) : bisect_left(marked, end)]
        homes = places[bisect_left(placed, head.start) : bisect_left(placed, end)]
        people.append(_person(text, plain, head, end, own, homes, year))
    return tuple(people)


def _breaks(between: str) -> bool:
    return bool(re.search(r"[。;\n]", between))


def _opens(plain: str, mark: Found, marks: tuple[Found, ...]) -> bool:
    before = plain[max(0, mark.start - 16) : mark.start].rstrip(" ")
    if before.endswith(
        ("确诊", "新增", "确诊患者", "其中", ":", "死者", "患者", "病例", "为", "为:")
    ):
        before = re.sub(r"(?:确诊|新增|患者|其中|病例|死者|[:为])+$", "", before)
        fresh = bool(re.search(r"(?:^|[。;\n|>]|病例|例)\s*$", before)) or not before
    else:
        fresh = not before or before[-1] in "。;\n|》"
    if not fresh:
        return False
    after = plain[mark.end : mark.end + 24]
    if mark.value == "label":
        if re.match(r"[的]|(?:丈夫|妻子|儿子|女儿|母亲|父亲|亲属|家属)", after):
            return bool(re.search(r"\d{1,3}岁|[,(:][男女]", after))
        return bool(re.match(r"\s*[:,(、]|\s*\d{1,3}岁|\s+|[男女]|$", after)) or any(
            m.value in ("name", "age", "sex") and 0 <= m.start - mark.end <= 6 for m in marks
        )
    if mark.value in ("name", "sex", "age"):
        return any(
            m.value in ("age", "sex") and m is not mark and 0 <= m.start - mark.end <= 12
            for m in marks
        )
    return False


def _person(
    text: str,
    plain: str,
    head: Found,
    end: int,
    own: tuple[Found, ...],
    places: tuple[Place, ...],
    year: int,
) -> Person:
    age = next((m for m in own if m.value == "age"), None)
    sex = next((m for m in own if m.value == "sex"), None)
    name = next((m for m in own if m.value == "name" and m.start - head.end <= 4), None)
    written = AGE.match(plain, age.start) if age else None
    aged = years(written, year) if written else None
    home = next((p for p in places if p.role == "residence"), None)
    found = None
    for value, pattern in _HOW:
        m = pattern.search(plain, head.end, end)
        if m:
            found = Found(*m.span(), text[slice(*m.span())], 0.7, value)
            break
    last = max([head.end, *(m.end for m in (age, sex, name) if m)])
    return Person(
        head.start,
        last,
        text[head.start : last],
        0.95 if head.value == "label" else 0.8,
        label=head.text if head.value == "label" else None,
        name=name,
        age=None
        if age is None or aged is None
        else Found(age.start, age.end, age.text, age.confidence, aged),
        sex=None
        if sex is None
        else Found(
            sex.start,
            sex.end,
            sex.text,
            sex.confidence,
            "male" if sex.text[0] == "男" else "female",
        ),
        how_found=found,
        residence=home,
        until=end,
    )


def label_number(label: str) -> int | None:
    """The number in a label: 7 of 病例7, 21 of 患者二十一."""
    m = re.search(_COUNT, label)
    return number(m[0]) if m else None
