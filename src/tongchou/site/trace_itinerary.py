"""`tongchou trace itinerary FILE.txt --date 2022-01-05 [--json]`: stays and places in a text."""

import argparse
import io
import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tongchou.epi.trace import itinerary
from tongchou.kit import encodings
from tongchou.kit.dates import NotADate, parse_date


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a text in Chinese; - reads standard input")
    parser.add_argument(
        "--date",
        metavar="DAY",
        required=True,
        help="the day of the report: years and months that the text leaves out follow from it",
    )
    parser.add_argument("--json", action="store_true", help="everything found, with its span")


def run(options: argparse.Namespace) -> int:
    """Prints what was found; 2 if the text or the day cannot be read."""
    try:
        on = parse_date(options.date)
        text = _text(options.file)
    except NotADate as bad:
        print(f"tongchou: --date: {bad}", file=sys.stderr)
        return 2
    except OSError as bad:
        print(f"tongchou: {options.file}: {bad.strerror}", file=sys.stderr)
        return 2
    except (UnicodeDecodeError, encodings.UnknownEncoding):
        print(f"tongchou: {options.file}: no readable text; save it as UTF-8", file=sys.stderr)
        return 2
    reading = itinerary.read(text, on=on)
    if options.json:
        print(json.dumps(as_dict(reading), ensure_ascii=False, indent=1))
    else:
        print("\n".join(table(reading)))
    return 0


def as_dict(reading: itinerary.Reading) -> dict[str, Any]:
    """The reading as plain values; every span is `start`, `end` in characters of the text."""
    return {
        "on": reading.on.isoformat(),
        "n_characters": len(reading.text),
        "people": [_plain(p) for p in reading.people],
        "stays": [_plain(s) for s in reading.stays],
        "places": [_plain(p) for p in reading.places],
        "dates": [_plain(m) for m in reading.moments],
        "ages": [_plain(m) for m in reading.mentions if m.value == "age"],
        "sexes": [_plain(m) for m in reading.mentions if m.value == "sex"],
        "vehicles": [_plain(v) for v in reading.vehicles],
        "events": [_plain(e) for e in reading.events],
        "doubts": [_plain(d) for d in reading.doubts],
    }


def table(reading: itinerary.Reading) -> list[str]:
    """The people and, below each, the stays in order; then the doubts."""
    lines = []
    for k, person in enumerate(reading.people):
        lines.append(" ".join(_about(person)) or f"person {k + 1}")
        lines += [f"  {_line(s)}" for s in reading.stays if s.person == k]
    rest = [s for s in reading.stays if s.person is None]
    if rest:
        lines += ["(nobody named)", *(f"  {_line(s)}" for s in rest)]
    if reading.doubts:
        lines.append("to look at:")
        lines += [
            f"  {d.start}-{d.end} {d.text}: {d.about}, {d.reason}".replace("\n", " ")
            for d in reading.doubts
        ]
    counts = f"{len(reading.people)} people, {len(reading.stays)} stays, "
    counts += f"{len(reading.places)} places, {len(reading.moments)} times"
    return [*lines, counts]


def _about(person: itinerary.Person) -> list[str]:
    found = (person.label, person.name and person.name.text)
    words = [w for w in found if w]
    words += [str(f.value) for f in (person.age, person.sex, person.how_found) if f]
    if person.residence:
        words.append(f"lives {person.residence.name}")
    return words


def _line(stay: itinerary.Stay) -> str:
    what = stay.place.name if stay.place else ""
    if stay.vehicle:
        what += f" [{stay.vehicle.kind} {stay.vehicle.number or ''}]".replace(" ]", "]")
    if stay.verb:
        what = f"{stay.verb.text} {what}"
    return f"{_time(stay.begin):16}  {_time(stay.until):16}  {stay.confidence:4.2f}  {what}"


def _time(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M") if at else "?"


def _plain(value: Any) -> Any:
    """A found value as JSON can say it. (dataclasses.asdict would copy the same moment again.)"""
    if isinstance(value, itinerary.Span):
        return {name: _plain(getattr(value, name)) for name in itinerary.names_of(type(value))}
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value


def _text(path: str) -> str:
    raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    return raw.decode(encodings.detect(io.BytesIO(raw)).name)
