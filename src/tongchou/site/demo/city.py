"""同舟市, the demo city: its tree, outlines, places, units and people on post.

Its codes begin with 99, which no province has.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from tongchou.areas.models import Area, Boundary, Level, Place, PlaceKind
from tongchou.quarantine.models import Site
from tongchou.records import audit
from tongchou.site.demo import outlines
from tongchou.staff.models import Post, Unit, User
from tongchou.staff.roles import Role

#: district code, Chinese name, English name, seed, streets
DISTRICTS = (
    (
        "990102",
        "河东区",
        "Hedong",
        (111.40, 30.72),
        ("码头街道", "书院街道", "东门街道", "南湖街道"),
    ),
    ("990103", "河西区", "Hexi", (111.26, 30.70), ("柳林街道", "钟楼街道", "西关街道")),
    ("990121", "临江县", "Linjiang", (111.33, 30.86), ("城关镇", "茶山镇", "石桥乡")),
    ("990171", "高新区", "High-tech zone", (111.37, 30.58), ("创业路街道", "光谷街道")),
)
COMMUNITIES = ("桂花", "渡口", "果园", "新安", "和平", "朝阳", "翠湖", "长青", "幸福", "文昌")
OUTLINE: outlines.Ring = [
    (111.18, 30.62), (111.28, 30.50), (111.42, 30.49), (111.52, 30.60), (111.53, 30.78),
    (111.46, 30.92), (111.32, 30.97), (111.20, 30.88),
]  # fmt: skip


@dataclass(frozen=True)
class Member:
    """Somebody who can sign in to the demo."""

    username: str
    name: str
    role: Role
    unit: str
    area: str = "990100"


CAST = (
    Member("commander", "市长 周敏", Role.COMMANDER, "市疫情防控指挥部"),
    Member("deputy", "副指挥长 高远", Role.COMMANDER, "市疫情防控指挥部"),
    Member("duty-city", "市值班员 何静", Role.DUTY_OFFICER, "市疫情防控指挥部"),
    Member("duty-district", "河东区值班员 罗斌", Role.DUTY_OFFICER, "河东区指挥部", "990102"),
    Member("duty-west", "河西区值班员 秦岚", Role.DUTY_OFFICER, "河西区指挥部", "990103"),
    Member("duty-county", "临江县值班员 段宏", Role.DUTY_OFFICER, "临江县指挥部", "990121"),
    Member("duty-street", "码头街道值班员 韩雪", Role.DUTY_OFFICER, "码头街道办事处", "990102001"),
    Member("cdc", "疾控 钱伟", Role.CDC, "市疾控中心"),
    Member("tracer", "流调 吴桐", Role.TRACER, "流调一队"),
    Member("transport", "转运 赵强", Role.TRANSPORT, "转运专班"),
    Member("site", "隔离点 华芳", Role.QUARANTINE_SITE, "江滨隔离点"),
    Member("hospital", "护士 林晓", Role.HOSPITAL, "市第一人民医院"),
    Member("community", "社区 陈红", Role.COMMUNITY, "河东区社区专班", "990102"),
    Member("police", "民警 彭刚", Role.PUBLIC_SECURITY, "市公安局"),
    Member("assist", "协查 许亮", Role.ASSIST, "协查专班"),
    Member("steward", "数据管理员 唐宁", Role.STEWARD, "市疾控中心"),
    Member("sentinel", "哨点 白洁", Role.SENTINEL, "市监测哨点网"),
    Member("education", "教育局 周晴", Role.DEPARTMENT, "市教育局"),
    Member("commerce", "商务局 郑凯", Role.DEPARTMENT, "市商务局"),
    Member("supervision", "督查 孙正", Role.SUPERVISION, "市督查组"),
)
#: Posts beyond the cast: communities of other districts. One district has no duty officer.
MORE_POSTS = (
    ("community", Role.COMMUNITY, "河西区社区专班", "990103"),
    ("community", Role.COMMUNITY, "临江县社区专班", "990121"),
)


@dataclass
class City:
    """What the outbreak plays with."""

    top: Area
    communities: list[Area] = field(default_factory=list)
    users: dict[str, User] = field(default_factory=dict)  # by role, and by user name
    sites: list[Place] = field(default_factory=list)
    hospital: str = ""


def build(people: int, *, password: str, now: datetime) -> City:
    """Write the city; `people` residents are spread over its communities."""
    top = _area(None, "990100", "同舟市", "Tongzhou", Level.CITY)
    tree = [top]
    shapes: dict[str, outlines.Ring] = {}
    districts = [
        _area(top, code, name, english, Level.DISTRICT) for code, name, english, _, _ in DISTRICTS
    ]
    tree += districts
    rings = outlines.cells(OUTLINE, [seed for _, _, _, seed, _ in DISTRICTS])
    for district, ring, (_, _, _, _, names) in zip(districts, rings, DISTRICTS, strict=True):
        shapes[district.pk] = ring
        tree += _streets(district, ring, names, shapes)
    _spread(tree, people)
    Area.objects.bulk_create(tree)
    Boundary.objects.bulk_create(_boundary(code, ring) for code, ring in shapes.items())
    city = City(top, [a for a in tree if a.level == Level.COMMUNITY])
    _places(city, {a.pk: a for a in tree}, now)
    _staff(city, {a.pk: a for a in tree}, password, now)
    audit.record(verb="demo.build", subject="area:990100", by=None, now=now)
    return city


def _area(parent: Area | None, code: str, name: str, english: str, level: Level) -> Area:
    path = f"{parent.path if parent else ''}{code}/"
    return Area(code=code, name=name, name_en=english, level=level, parent=parent, path=path)


def _streets(
    district: Area, ring: outlines.Ring, names: tuple[str, ...], shapes: dict[str, outlines.Ring]
) -> list[Area]:
    cx, cy = outlines.centre(ring)
    corners = [ring[i * len(ring) // len(names)] for i in range(len(names))]
    seeds = [(cx + (x - cx) * 0.55, cy + (y - cy) * 0.55) for x, y in corners]
    made: list[Area] = []
    for number, (name, part) in enumerate(
        zip(names, outlines.cells(ring, seeds), strict=True), start=1
    ):
        street = _area(district, f"{district.pk}{number:03}", name, "", Level.STREET)
        street.longitude, street.latitude = outlines.centre(part)
        shapes[street.pk] = part
        made.append(street)
        for k in range(1, 4):
            called = COMMUNITIES[(number * 3 + k + int(district.pk[-1])) % len(COMMUNITIES)]
            community = _area(street, f"{street.pk}{k:03}", f"{called}社区", "", Level.COMMUNITY)
            made.append(community)
            made += [
                _area(
                    community,
                    f"{community.pk}A{g:02}",
                    f"{called}{'一二'[g - 1]}格",
                    "",
                    Level.GRID,
                )
                for g in (1, 2)
            ]
    return made


def _spread(tree: list[Area], people: int) -> None:
    """Residents by community, town centres denser, summed up the tree."""
    by_code = {area.pk: area for area in tree}
    communities = [a for a in tree if a.level == Level.COMMUNITY]
    weights = [3 if a.pk.startswith(("990102", "990103")) else 1 for a in communities]
    for area in tree:
        area.population = 0
    for area, weight in zip(communities, weights, strict=True):
        residents = round(people * weight / sum(weights))
        for code in area.codes:
            by_code[code].population = (by_code[code].population or 0) + residents
    for area in tree:
        if area.level == Level.GRID and area.parent_id:
            area.population = (by_code[area.parent_id].population or 0) // 2
        area.households = round((area.population or 0) / 2.6)


def _boundary(code: str, ring: outlines.Ring) -> Boundary:
    shape = outlines.bent(ring)
    xs, ys = [p[0] for p in shape], [p[1] for p in shape]
    return Boundary(
        area_id=code,
        geometry=outlines.polygon(shape),
        west=min(xs),
        east=max(xs),
        south=min(ys),
        north=max(ys),
    )


def _places(city: City, areas: dict[str, Area], now: datetime) -> None:
    rows = (
        (PlaceKind.QUARANTINE_SITE, "江滨隔离点", "990102", 120),
        (PlaceKind.QUARANTINE_SITE, "西关隔离点", "990103", 60),
        (PlaceKind.HOSPITAL, "市第一人民医院", "990103", 400),
        (PlaceKind.FEVER_CLINIC, "市第一人民医院发热门诊", "990103", None),
        (PlaceKind.SCHOOL, "河东第二小学", "990102", 900),
        (PlaceKind.SHOP, "东门市场", "990102", None),
        (PlaceKind.RESTAURANT, "码头酒家", "990102", 160),
        (PlaceKind.CHECKPOINT, "临江收费站", "990121", None),
    )
    for n, (kind, name, code, capacity) in enumerate(rows):
        place = Place(kind=kind, name=name, area=areas[code], capacity=capacity)
        streets = [a for a in areas.values() if a.parent_id == code and a.longitude and a.latitude]
        street = streets[n % len(streets)]
        # A little off the middle, so that two places in a street are two.
        place.longitude = (street.longitude or 0) + (n % 3 - 1) * 0.006
        place.latitude = (street.latitude or 0) + (n % 2 - 0.5) * 0.008
        place.save()
        if kind == PlaceKind.QUARANTINE_SITE:
            city.sites.append(place)
            Site.objects.create(
                place=place,
                certificate="消安 990102-17",
                certified_until=(now + timedelta(days=200)).date(),
                phone="0990-120120",
            )
        if kind == PlaceKind.HOSPITAL:
            city.hospital = name


def _staff(city: City, areas: dict[str, Area], password: str, now: datetime) -> None:
    sealed = make_password(password)  # once: the demo's password is no secret, and hashing is slow
    began = now - timedelta(days=60)
    for member in CAST:
        user = User(username=member.username, display_name=member.name, password=sealed)
        user.save()
        city.users[member.username] = user
        city.users.setdefault(member.role, user)
        _post(user, member.role, member.unit, areas[member.area], began)
    for username, role, unit, code in MORE_POSTS:
        _post(city.users[username], role, unit, areas[code], began)


def _post(user: User, role: str, unit_name: str, area: Area, began: datetime) -> None:
    unit, _new = Unit.objects.get_or_create(
        name=unit_name, area=area, defaults={"phone": f"0990-{86000 + Unit.objects.count():05}"}
    )
    Post.objects.create(user=user, role=role, unit=unit, area=area, level=area.level, from_at=began)
