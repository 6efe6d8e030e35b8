"""Councils: 100,000 activity records read and summed, beside the same in pandas; the register as of a day."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np
import pandas as pd
from lines import Line, Ratio, median_ms

from kyodo_geo.model.changes import Change, Entered
from kyodo_geo.model.councils.activity import Activities
from kyodo_geo.model.councils.on_day import register_on
from kyodo_geo.model.councils.register import build_register
from kyodo_geo.model.councils.shipped import Shipped
from kyodo_geo.model.councils.sums import ActivitySums, sum_activities
from kyodo_geo.sources.visit.activity.columns import columns_of, is_known, suffices
from kyodo_geo.sources.visit.activity.places import Subjects
from kyodo_geo.sources.visit.activity.read import read_activity
from kyodo_geo.sources.visit.activity.rows import Reading, Table
from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.sheets.heads import Body, find_body
from kyodo_geo.sources.visit.sheets.sheet import read_sheets

_RECORDS, _UNITS, _YEARS = 100_000, 34, 6
_SUM_BAR_MS, _DAY_BAR_MS = 1000, 5
_HEAD = "地区コード,地区,年度,役割,活動名,回数,参加人数,時間,金額_円,備考"
_NAMES = {f"{code:02d}": f"架空{code}" for code in range(1, _UNITS + 1)}
_PLACES = Gazetteer("47999", "架空県", "架空市", {}, {}, {}, _NAMES, dict.fromkeys(_NAMES, "旧"), {})


def measure() -> Iterator[Line | Ratio]:
    """Return the time from the reader's rows to the sums and from the file's bytes, pandas' time, and a day's."""
    content = _table().encode()
    body = _body(content)
    ours = median_ms(lambda: _ours(body), times=5)
    what = f"{_RECORDS:,} activities, rows to sums"
    yield Line(what, ours, "ms", _SUM_BAR_MS, "every cell checked; median of 5")
    whole = median_ms(lambda: sum_activities(_read(content), by="district"), times=3)
    yield Line(
        f"{_RECORDS:,} activities, file to sums", whole, "ms", None, "decoding and the head's search included"
    )
    same = np.allclose(_ours(body).totals.sum(axis=(1, 2)), _theirs(body).groupby(level=0).sum().to_numpy())
    note = "the same sums" if same else "OTHER SUMS"
    yield Ratio(what, "pandas, unchecked", ours, median_ms(lambda: _theirs(body), times=5), "ms", note)
    peer = median_ms(lambda: _sums_of(pd.read_csv(io.BytesIO(content), dtype={"地区コード": str})), times=5)
    yield Ratio(
        f"{_RECORDS:,} activities, file to sums", "pandas, unchecked", whole, peer, "ms", "plain CSV only"
    )
    yield from _days()


def _table() -> str:
    draw = random.Random(6)
    rows = (
        f"{code:02d},架空{code},令和{draw.randint(1, _YEARS)}年度,{'①②③④⑤'[draw.randrange(5)]},活動{draw.randrange(300)},"
        f"{draw.randint(1, 20)},{draw.choice(['', draw.randrange(900)])},{draw.randint(2, 90) / 2},"
        f"{draw.randrange(60) * 5000},架空"
        for code in (draw.randint(1, _UNITS) for _ in range(_RECORDS))
    )
    return "\n".join([_HEAD, *rows])


def _body(content: bytes) -> Body:
    (sheet,) = read_sheets(content, name="架空.csv")
    body = find_body(sheet, known=is_known, needed=suffices, sums=False)
    if body is None:
        msg = "the made-up table is none"
        raise ValueError(msg)
    return body


def _read(content: bytes) -> Activities:
    return read_activity(content, name="架空.csv", gazetteer=_PLACES).activities


def _ours(body: Body) -> ActivitySums:
    reading = Reading(Table(body, columns_of(body.columns), None), Subjects(_PLACES, {}))
    return sum_activities(reading.take(), by="district")


def _theirs(body: Body) -> pd.DataFrame:
    """Sum by district, year and role with nothing checked but that numbers are numbers."""
    frame = pd.DataFrame.from_records([dict(record.cells) for record in body.records])
    return _sums_of(frame)


def _sums_of(frame: pd.DataFrame) -> pd.DataFrame:
    numbers = frame[["回数", "参加人数", "時間", "金額_円"]].apply(pd.to_numeric)
    keys = [frame["地区コード"], frame["年度"], frame["役割"]]
    return numbers.groupby(keys).sum()


def _days() -> Iterator[Line]:
    register = build_register(Shipped(), tuple(_changes()), districts=_NAMES)
    took = median_ms(lambda: register_on(register, date(2025, 1, 1), published=_UNITS), times=21)
    yield Line(f"{_UNITS} councils on a day", took, "ms", _DAY_BAR_MS, "8 milestones each; median of 21")


def _changes() -> Iterator[Entered]:
    seq = 0
    for code in _NAMES:
        for kind, values in _told(code):
            seq += 1
            since = f"{2014 + seq % 8}-04-01" if kind == "milestone" else "2014-04-01"
            change = Change(kind, f"K{code}", values, since, "架空", "架空課", "2026-01-05T09:00:00+09:00")
            yield Entered(seq, change, "0" * 64)


def _told(code: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    yield "council", {"name": f"架空{code}振興会"}
    yield "council_link", {"district": code}
    for _ in range(8):
        yield "milestone", {"milestone": "plan_revised"}
