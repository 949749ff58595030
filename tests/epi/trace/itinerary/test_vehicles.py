"""Vehicles and the numbers that find their passengers."""

import pytest

from tongchou.epi.trace.itinerary import vehicles
from tongchou.epi.trace.itinerary.writing import plain


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("乘坐G1234次列车到", "train", "G1234"),
        ("乘坐动车（D2259次7号车厢）到", "train", "D2259"),
        ("乘坐2666次列车", "train", "2666"),
        ("乘坐CZ1234航班", "flight", "CZ1234"),
        ("乘飞机（MU5431）", "flight", "MU5431"),
        ("乘坐15路公交车", "bus", "15"),
        ("乘公交180路", "bus", "180"),
        ("换乘地铁2号线", "metro", "2号线"),
        ("打车（豫E12345）", "taxi", "豫E12345"),
        ("乘网约车前往", "taxi", None),
        ("自驾回家", "car", None),
        ("由120救护车转运", "ambulance", None),
        ("乘坐大巴车", "coach", None),
        ("骑电动车", "cycle", None),
    ],
)
def test_a_vehicle_has_a_kind_and_a_number(text: str, kind: str, number: str | None) -> None:
    (vehicle,) = vehicles.find(text, plain(text))

    assert (vehicle.kind, vehicle.number) == (kind, number)


def test_a_seat_joins_its_train() -> None:
    (train,) = vehicles.find("G512次（8车12D座）", "G512次(8车12D座)")

    assert train.seat == "8车12D座"


@pytest.mark.parametrize("text", ["火车站", "高铁东站", "3号楼", "电话0832-5950120", "中山路120号"])
def test_stations_and_numbers_are_no_vehicles(text: str) -> None:
    assert vehicles.find(text, text) == []
