"""The little city everybody in the tests knows: one city, two districts, three streets, six cells.

Tests name only what matters to them; the cast is always on post: Nurse Lin at the hospital, Zhao
who drives, Qian of the CDC, Wu who traces, Chen of the community, Hua of the quarantine site,
Bai who counts at the fever clinic of the eastern district, Zhou of the education bureau, and Jin,
who inspects.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from tongchou.areas.models import Area, Level
from tongchou.people.models import Person
from tongchou.staff.models import Post, Unit, User
from tongchou.staff.roles import Role

T0 = datetime(2022, 7, 1, 8, tzinfo=timezone(timedelta(hours=8)))

AREAS = (  # code, parent, name, level
    ("990100", None, "同舟市", Level.CITY),
    ("990102", "990100", "河东区", Level.DISTRICT),
    ("990103", "990100", "河西区", Level.DISTRICT),
    ("990102001", "990102", "码头街道", Level.STREET),
    ("990102002", "990102", "书院街道", Level.STREET),
    ("990103001", "990103", "柳林街道", Level.STREET),
    ("990102001001", "990102001", "渡口社区", Level.COMMUNITY),
    ("990102002001", "990102002", "桂花社区", Level.COMMUNITY),
    ("990103001001", "990103001", "果园社区", Level.COMMUNITY),
    ("990102001001A01", "990102001001", "渡口一格", Level.GRID),
    ("990102001001A02", "990102001001", "渡口二格", Level.GRID),
    ("990102002001A01", "990102002001", "桂花一格", Level.GRID),
    ("990102002001A02", "990102002001", "桂花二格", Level.GRID),
    ("990103001001A01", "990103001001", "果园一格", Level.GRID),
    ("990103001001A02", "990103001001", "果园二格", Level.GRID),
)

CAST = (  # name in tests, display name, role, area, unit
    ("lin", "护士林", Role.HOSPITAL, "990100", "市第一医院"),
    ("zhao", "司机赵", Role.TRANSPORT, "990100", "转运专班"),
    ("qian", "疾控钱", Role.CDC, "990100", "市疾控中心"),
    ("wu", "流调吴", Role.TRACER, "990100", "流调一队"),
    ("chen", "社区陈", Role.COMMUNITY, "990102001001", "渡口社区居委会"),
    ("hua", "隔离点华", Role.QUARANTINE_SITE, "990100", "江滨隔离点"),
    ("peng", "民警彭", Role.PUBLIC_SECURITY, "990100", "市公安局"),
    ("assist", "协查许", Role.ASSIST, "990100", "协查专班"),
    ("duty_street", "街道值班", Role.DUTY_OFFICER, "990102001", "码头街道办"),
    ("duty_east", "河东值班", Role.DUTY_OFFICER, "990102", "河东区指挥部"),
    ("duty_city", "市值班", Role.DUTY_OFFICER, "990100", "市指挥部"),
    ("mayor", "市长", Role.COMMANDER, "990100", "市指挥部"),
    ("gao", "副指挥长高", Role.COMMANDER, "990100", "市指挥部"),
    ("steward", "数据管理员", Role.STEWARD, "990100", "市疾控中心"),
    ("bai", "哨点白", Role.SENTINEL, "990102", "河东发热门诊"),
    ("zhou", "教育局周", Role.DEPARTMENT, "990100", "市教育局"),
    ("jin", "督查金", Role.SUPERVISION, "990100", "市督查组"),
)


@dataclass
class LittleCity:
    """Areas by code and people by name, as attributes: `city.east`, `city.wu`."""

    areas: dict[str, Area] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def area(self, code: str) -> Area:
        return self.areas[code]

    def user(self, role: str) -> User:
        """Somebody of the cast who fills `role`."""
        return next(self.users[name] for name, _, held, _, _ in CAST if held == role)

    @staticmethod
    def at(*, days: float = 0, hours: float = 0, minutes: float = 0) -> datetime:
        """So long after the first morning, 1 July 2022 at eight."""
        return T0 + timedelta(days=days, hours=hours, minutes=minutes)

    @property
    def city(self) -> Area:
        return self.areas["990100"]

    @property
    def east(self) -> Area:
        return self.areas["990102"]

    @property
    def west(self) -> Area:
        return self.areas["990103"]

    @property
    def streets(self) -> list[Area]:
        return [a for a in self.areas.values() if a.level == Level.STREET]

    @property
    def cells(self) -> list[Area]:
        return [a for a in self.areas.values() if a.level == Level.GRID]

    @property
    def community(self) -> Area:
        return self.areas["990102001001"]

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["users"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None


def build() -> LittleCity:
    """Write the little city into the database, in four statements: a thousand tests begin so."""
    little = LittleCity()
    for code, parent, name, level in AREAS:
        above = little.areas.get(parent or "")
        path = (above.path if above else "") + code + "/"
        little.areas[code] = Area(
            code=code, parent=above, name=name, level=level, path=path, population=1000
        )
    units: dict[tuple[str, str], Unit] = {}
    posts = []
    for username, display, role, code, unit_name in CAST:
        area = little.areas[code]
        unit = units.setdefault((unit_name, code), Unit(name=unit_name, area=area))
        user = User(username=username, display_name=display, is_active=True)
        since = T0 - timedelta(days=4000)
        posts.append(
            Post(user=user, role=role, unit=unit, area=area, level=area.level, from_at=since)
        )
        little.users[username] = user
    Area.objects.bulk_create(little.areas.values())
    Unit.objects.bulk_create(units.values())
    User.objects.bulk_create(little.users.values())
    Post.objects.bulk_create(posts)
    return little


@pytest.fixture
def city(db: None) -> LittleCity:
    """The little city, at peace."""
    return build()


@pytest.fixture
def person(city: LittleCity) -> Callable[..., Person]:
    """Make a person of the harbour community; give what matters, e.g. `birth_year=1950`."""

    def make(**facts: Any) -> Person:
        defaults: dict[str, Any] = {
            "area": city.community,
            "written_at": T0,
            "destroy_on": date(2032, 1, 1),
        }
        return Person.objects.create(**(defaults | facts))

    return make


@pytest.fixture
def sign_in() -> Callable[..., None]:
    """Sign a user in to a test client: `sign_in(client, city.wu)`."""

    def sign(client: Any, user: User) -> None:
        client.force_login(user)

    return sign
