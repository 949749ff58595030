from datetime import timedelta

from tongchou.loops import Handoff, Loop
from tongchou.loops.drawing import as_diagram, as_table, short

STAY = Loop(
    "stay",
    (
        Handoff("bus", "transport", ("hotel",), received_by="quarantine_site", custody=True),
        Handoff("hotel", "quarantine_site", ("released",), custody=True),
    ),
)


def test_the_table_names_owner_receiver_and_both_tempos() -> None:
    hours = {"peace": 8, "war": 4}
    table = as_table(STAY, lambda stage, tempo: timedelta(hours=hours[tempo]))
    assert "| bus (holds the person) | transport | quarantine_site | 8h | 4h | hotel |" in table


def test_the_diagram_leads_from_the_way_in_to_every_end() -> None:
    diagram = as_diagram(STAY)
    assert "[*] --> bus" in diagram
    assert "released --> [*]" in diagram


def test_spans_are_written_as_people_write_them() -> None:
    spans = [timedelta(minutes=45), timedelta(hours=2), timedelta(hours=24), timedelta(days=7)]
    assert [short(s) for s in spans] == ["45m", "2h", "24h", "7d"]
