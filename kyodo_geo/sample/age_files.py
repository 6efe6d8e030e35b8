"""The made-up ages in the form of e-Stat's small-area tables, with its levels, its suppression and its labels.

Form: 統計地理情報システム 年齢(5歳階級、4区分)別・男女別人口, T001082 (2020) and T000849 (2015): cp932, CRLF, a row of
codes and a row of labels, 7 columns of bookkeeping and 60 of values (総数, 男, 女; in each 総数, 15 bands to 70–74,
under 15, 15–64, 65+, 75+). 75 and over stands only behind the sums.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kyodo_geo.sample.ages import BANDS, GROUPS, YEARS, MadeAges
from kyodo_geo.sample.fitting import Whole
from kyodo_geo.sample.places import Spot

TABLES = {2015: "T000849", 2020: "T001082"}
_CITY_DIGITS, _TOWN_DIGITS, _PART_DIGITS = 5, 9, 11
# e-Stat keeps a small area back when so few people live in it that single persons could be made out
_FEWEST = 10
_NEW_LEVELS_SINCE = 2020
_HEAD = ("KEY_CODE", "HYOSYO", "CITYNAME", "NAME", "HTKSYORI", "HTKSAKI", "GASSAN")
_SEXES = ("総数", "男", "女")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_LABELS = (
    "（年齢「不詳」含む）",
    *(f"{low}～{low + YEARS - 1}歳".translate(_FULL_WIDTH) for low in range(0, (BANDS - 1) * YEARS, YEARS)),
    "１５歳未満",
    "１５～６４歳",
    "６５歳以上",
    "７５歳以上",
)
_VALUES = len(_SEXES) * len(_LABELS)
_KEPT_BACK = ("X",) * _VALUES


@dataclass(frozen=True)
class Hiding:
    """Which small areas are kept back, by key: `into` says where their people went, `holds` who came in."""

    into: Mapping[str, str]
    holds: Mapping[str, tuple[str, ...]]


def hide_small(spots: Sequence[Spot], year: int) -> Hiding:
    """Say which small areas have 1 to 9 people and into which other one each is put.

    That is the one nearest by key in the same town (its first 9 digits), else the nearest of its own level, else the
    nearest of all; one without people takes nobody in. Where there is none, nothing is kept back.
    """
    order = {spot.key: at for at, spot in enumerate(sorted(spots, key=lambda spot: spot.key))}
    able = [spot.key for spot in spots if spot.people[year] >= _FEWEST]
    few = sorted(spot.key for spot in spots if 0 < spot.people[year] < _FEWEST)
    into = {key: min(able, key=lambda other: _distance(key, other, order)) for key in few} if able else {}
    holds: dict[str, tuple[str, ...]] = {}
    for key, taker in into.items():
        holds[taker] = (*holds.get(taker, ()), key)
    return Hiding(into, holds)


def _distance(key: str, other: str, order: Mapping[str, int]) -> tuple[bool, bool, int, str]:
    elsewhere = key[:_TOWN_DIGITS] != other[:_TOWN_DIGITS]
    return elsewhere, len(key) != len(other), abs(order[key] - order[other]), other


def write_ages(made: MadeAges, city_name: str, city_code: str) -> bytes:
    """Return the table of a year as bytes of cp932; rows by key, the city first, a town before its parts.

    Towns of 11-digit areas are sums of their rows as they stand. CITYNAME says 架空.
    """
    title = f"{city_name}(架空)"
    rows = _rows(made)
    towns = {key[:_TOWN_DIGITS] for key in rows.own if len(key) == _PART_DIGITS}
    whole: Whole = np.sum(list(rows.own.values()), axis=0)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([_codes(made.year), _labels(made.year)])
    writer.writerow([city_code, 1, title, "", 0, "", "", *_cells(whole)])
    for key in sorted({*rows.own, *towns}):
        is_town = key in towns
        line = _town_line(rows, key) if is_town else _line(rows, key)
        writer.writerow([key, _level(key, made.year, is_town=is_town), title, *line])
    # e-Stat's own tables have no more letters than cp932; a name is shown, never a key
    return out.getvalue().encode("cp932", errors="replace")


@dataclass(frozen=True, eq=False)
class _Rows:
    """The 60 values of each small area by key: its `own`, and as `shown` with who came in and without who was kept back."""

    names: Mapping[str, str]
    own: Mapping[str, Whole]
    shown: Mapping[str, Whole]
    hiding: Hiding


def _rows(made: MadeAges) -> _Rows:
    hiding = hide_small(made.spots, made.year)
    own = {
        spot.key: _values(both, men) for spot, both, men in zip(made.spots, made.both, made.men, strict=True)
    }
    shown = {
        key: np.sum([row, *(own[one] for one in hiding.holds.get(key, ()))], axis=0)
        for key, row in own.items()
        if key not in hiding.into
    }
    return _Rows({spot.key: spot.name for spot in made.spots}, own, shown, hiding)


def _level(key: str, year: int, *, is_town: bool) -> int:
    is_part = len(key) == _PART_DIGITS
    if year < _NEW_LEVELS_SINCE:
        return 3 if is_part else 2
    return 3 if is_town else 4 if is_part else 2


def _line(rows: _Rows, key: str) -> list[object]:
    if key in rows.hiding.into:
        return [rows.names[key], 2, _short(rows.hiding.into[key]), "", *_KEPT_BACK]
    inside = ";".join(map(_short, rows.hiding.holds.get(key, ())))
    return [rows.names[key], 1 if inside else 0, "", inside, *_cells(rows.shown[key])]


def _town_line(rows: _Rows, town: str) -> list[object]:
    """Return the row of a town; one whose people are all kept back is kept back with them."""
    parts = [key for key in rows.own if key.startswith(town)]
    name = _shared_name([rows.names[part] for part in parts])
    standing = [rows.shown[part] for part in parts if part in rows.shown]
    gone = [rows.hiding.into[part] for part in parts if part in rows.hiding.into]
    if gone and not any(row.any() for row in standing):
        return [name, 2, _short(gone[0]), "", *_KEPT_BACK]
    return [name, 0, "", "", *_cells(np.sum(standing, axis=0))]


def _shared_name(names: Sequence[str]) -> str:
    shared = names[0]
    for name in names:
        while not name.startswith(shared):
            shared = shared[:-1]
    return shared.removesuffix("字") if len(names) > 1 else shared


def _short(key: str) -> str:
    """Return a key as e-Stat writes it inside a city; one of another form whole."""
    return key[_CITY_DIGITS:] if len(key) in {_TOWN_DIGITS, _PART_DIGITS} else key


def _values(both: Whole, men: Whole) -> Whole:
    """Return the 60 values of a row from people by band and of unknown age (17,)."""
    return np.concatenate([_block(both), _block(men), _block(both - men)])


def _block(ages: Whole) -> list[int]:
    sums = [ages[inside].sum() for inside in GROUPS.values()]
    return [int(one) for one in (ages.sum(), *ages[: BANDS - 1], *sums, ages[BANDS - 1])]


def _cells(values: Whole) -> list[str]:
    return [str(one) if one else "-" for one in values.tolist()]


def _codes(year: int) -> list[str]:
    return [*_HEAD, *(f"{TABLES[year]}{number:03d}" for number in range(1, _VALUES + 1))]


def _labels(year: int) -> list[str]:
    margin = "" if year >= _NEW_LEVELS_SINCE else "　"
    return [*("" for _ in _HEAD), *(f"{margin}{sex}{label}" for sex in _SEXES for label in _LABELS)]
