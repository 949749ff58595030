"""`python -m bench.itinerary_f1`: exact-span F1 per label on texts that others marked, and speed.

Two sets, two customs. CCIE marks what a time or place *is* to the person (onset, visit; origin,
destination …); ECR marks what it is (Location, Spot, ResidencePlace). One reading serves both:
the tables below say how each would write it. Learn on train; report valid only.
"""

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from tongchou.epi.trace import itinerary

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "case_report_texts_zh"
#: The texts are of the winter of 2019-20 and the two years after; few of them name a year.
ON = date(2020, 3, 31)

Mark = tuple[int, int, str]

#: CCIE marks days with a number; 当日, 次日, 中午 and a bare 14:00 it leaves alone.
_NUMBERED = re.compile(r"[日月/号]|^\d+$|次日")

CCIE_TIMES = {
    "onset": "FBT",
    "visit": "JZT",
    "confirmed": "QZT",
    "isolated": "GLT",
    "arrived": "MDT",
}
CCIE_PLACES = {
    "care": "ZSI",
    "institution": "OTI",
    "origin": "QYL",
    "worked": "QYL",
    "destination": "MDL",
    "transit": "ZZL",
    "via": "ZZL",
    "reporting": "SGL",
}
ECR_SPOTS = {
    *("hospital", "clinic", "pharmacy", "station", "lodging", "restaurant", "shop"),
    *("service", "school", "work", "home"),
}
POOLS = {
    "dates": {"FBT", "JZT", "QZT", "GLT", "MDT", "OTT", "Date", "EndDate"},
    "places": {
        *("ZSI", "OTI", "QYL", "MDL", "ZZL", "SGL", "OTL"),
        *("Location", "Spot", "ResidencePlace"),
    },
}


def ccie(reading: itinerary.Reading) -> Iterator[Mark]:
    """The reading as the annotators of CCIE would mark it."""
    for moment in reading.moments:
        if moment.role != "now" and _NUMBERED.search(moment.text):
            yield moment.start, moment.end, CCIE_TIMES.get(moment.role, "OTT")
    for place in reading.places:
        if place.kind == "home" and not place.parts:
            continue  # 家中 and 住处 are no names
        label = CCIE_PLACES.get(place.role, "OTL")
        if label in ("QYL", "MDL", "ZZL") and place.kind in ECR_SPOTS - {"station", "lodging"}:
            label = "OTL"
        if place.alias:
            yield place.start, place.alias.start - 1, label
            yield place.alias.start, place.alias.end, label
        else:
            yield place.start, place.end, label


def ecr(reading: itinerary.Reading) -> Iterator[Mark]:
    """The reading as the annotators of ECR would mark it: no places of a denied or general kind."""
    for mention in reading.mentions:
        label = {"age": "Age", "sex": "Gender", "label": "LocalID"}.get(str(mention.value))
        if label:
            yield mention.start, mention.end, label
    for moment in reading.moments:
        yield moment.start, moment.end, "EndDate" if moment.closes is not None else "Date"
    for vehicle in reading.vehicles:
        if vehicle.text not in ("自驾", "自驾车", "驾车", "开车"):
            yield vehicle.start, vehicle.end, "Vehicle"
    for place in reading.places:
        if place.role in ("history", "institution") and place.kind != "clinic":
            continue
        end = place.ward.end if place.ward else place.end
        label = "Spot" if place.kind in ECR_SPOTS else "Location"
        if place.text in ("定点医疗机构", "定点医院") or place.text.endswith("定点医疗机构"):
            label = "Location"
        if place.role in ("residence", "worked"):
            label = "ResidencePlace"
        yield place.start, end, label


SETS: dict[str, tuple[str, str, Callable[[itinerary.Reading], Iterator[Mark]]]] = {
    "ccie": ("ccie_{}.jsonl", "spans", ccie),
    "ecr": ("ecr_covid19_{}.jsonl", "entities", ecr),
}


class Score:
    """Counts of spans found, made up and missed, per label."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.extra: Counter[str] = Counter()
        self.missed: Counter[str] = Counter()

    def add(self, truth: set[Mark], found: set[Mark]) -> None:
        self._count(truth, found)
        for pool, labels in POOLS.items():
            self._count(
                {(s, e, pool) for s, e, label in truth if label in labels},
                {(s, e, pool) for s, e, label in found if label in labels},
            )

    def _count(self, truth: set[Mark], found: set[Mark]) -> None:
        self.right.update(m[2] for m in truth & found)
        self.extra.update(m[2] for m in found - truth)
        self.missed.update(m[2] for m in truth - found)

    def of(self, label: str) -> tuple[float, float, float]:
        """Precision, recall and F1; 0 where there is nothing."""
        right, extra, missed = self.right[label], self.extra[label], self.missed[label]
        found, true = right + extra, right + missed
        return (
            right / found if found else 0.0,
            right / true if true else 0.0,
            2 * right / (found + true) if found + true else 0.0,
        )


def score(name: str, split: str) -> tuple[Score, list[float], list[dict[str, Any]]]:
    """Score of one set and split, milliseconds per text, and the rows with what was found."""
    file, key, marks = SETS[name]
    result, times, rows = Score(), [], []
    for line in (FOLDER / file.format(split)).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        begin = time.perf_counter()
        reading = itinerary.read(row["text"], on=ON)
        times.append(1000 * (time.perf_counter() - begin))
        labels = set(result_labels(name))
        truth = {(s, e, label) for s, e, label in row[key] if label in labels}
        found = {mark for mark in marks(reading) if mark[2] in labels}
        result.add(truth, found)
        rows.append({"text": row["text"], "truth": truth, "found": found})
    return result, times, rows


def result_labels(name: str) -> list[str]:
    """The labels of a set that a reading can give."""
    if name == "ccie":
        return [*CCIE_TIMES.values(), "OTT", *dict.fromkeys(CCIE_PLACES.values()), "OTL"]
    return [*("Age", "Gender", "Date", "EndDate", "Location", "Spot", "ResidencePlace"),
            *("LocalID", "Vehicle")]  # fmt: skip


def speed(repeat: int = 20) -> float:
    """Milliseconds for a text of 2,000 characters put together from the valid split."""
    source = (FOLDER / "ccie_valid.jsonl").read_text(encoding="utf-8").splitlines()
    text = "\n".join(json.loads(line)["text"] for line in source)[:2000]
    itinerary.read(text, on=ON)
    best = float("inf")
    for _ in range(repeat):
        begin = time.perf_counter()
        itinerary.read(text, on=ON)
        best = min(best, 1000 * (time.perf_counter() - begin))
    return best


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.itinerary_f1", description=__doc__)
    parser.add_argument("--split", default="valid", choices=("train", "valid"))
    parser.add_argument("--errors", metavar="LABEL", help="print what was missed and made up")
    options = parser.parse_args()
    if not FOLDER.is_dir():
        print(f"needs the texts in {FOLDER}", file=sys.stderr)
        return 2
    print("| set | label | marked | precision | recall | F1 |\n|---|---|--:|--:|--:|--:|")
    for name in SETS:
        result, times, rows = score(name, options.split)
        for label in [*result_labels(name), *POOLS]:
            p, r, f = result.of(label)
            n = result.right[label] + result.missed[label]
            print(f"| {name} | {label} | {n} | {p:.3f} | {r:.3f} | {f:.3f} |")
        if options.errors:
            show(rows, options.errors)
        print(
            f"{name}: {len(times)} texts, median {sorted(times)[len(times) // 2]:.2f} ms",
            file=sys.stderr,
        )
    print(f"2,000 characters in {speed():.1f} ms", file=sys.stderr)
    return 0


def show(rows: list[dict[str, Any]], label: str) -> None:
    """Every span of a label (or pool) that was missed or made up, with its surroundings."""
    labels = POOLS.get(label, {label})
    for row in rows:
        text = row["text"]
        truth = {(s, e): k for s, e, k in row["truth"]}
        found = {(s, e): k for s, e, k in row["found"]}
        for sign, here, there in (("-", truth, found), ("+", found, truth)):
            for (s, e), kind in sorted(here.items()):
                other = there.get((s, e))
                if kind in labels and (other is None or (label not in POOLS and other != kind)):
                    line = f"{sign} {text[max(0, s - 12) : s]}[{text[s:e]}]{text[e : e + 12]}"
                    print(f"{line} {kind}->{other}".replace("\n", " "))


if __name__ == "__main__":
    sys.exit(main())
