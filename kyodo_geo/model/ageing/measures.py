"""What is measured from people by age: counts, ageing rates, dependency ratios, pyramids, and units of few people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.ageing.values import AgeTable, Floats
from kyodo_geo.model.ranking import rank_ranges, wilson
from kyodo_geo.provenance import Unknown

Values = tuple[float | Unknown, ...]

_NOBODY = Unknown("人がいない", "割る数の人口が 0 人です")


@dataclass(frozen=True)
class AgeMeasures:
    """Counts (people) and rates (%) of each unit, in the order of `units`.

    Counts are of known age: under 15, 15–64, 65, 75 and 85 and over; Unknown where the bands do not tile them. Rates
    are of the people of known age; dependency ratios of those aged 15–64; Unknown where a part or the divisor is.
    """

    units: tuple[str, ...]
    known_age: Values
    children: Values
    working: Values
    old: Values
    older: Values
    oldest: Values
    ageing_rate: Values
    older_rate: Values
    child_rate: Values
    old_age_dependency: Values
    child_dependency: Values


def measure_ages(table: AgeTable) -> AgeMeasures:
    """Return counts in people and rates in % of each unit.

    Ageing rate: 65 and over ÷ people of known age × 100, as the census office computes it. Dependency: 65 and over
    (old age) or under 15 (child) ÷ 15–64 × 100. A divisor of 0 gives Unknown, never 0.
    """
    known: Values = tuple(float(people) for people in table.both.sum(axis=1))
    children, working = _count(table, 0, 14), _count(table, 15, 64)
    old, older, oldest = (_count(table, low, None) for low in (65, 75, 85))
    return AgeMeasures(
        table.units, known, children, working, old, older, oldest,
        ageing_rate=percents(old, known), older_rate=percents(older, known), child_rate=percents(children, known),
        old_age_dependency=percents(old, working), child_dependency=percents(children, working),
    )  # fmt: skip


def percents(parts: Sequence[float | Unknown], wholes: Sequence[float | Unknown]) -> Values:
    """Return each part ÷ whole × 100 in %; Unknown where the part or the whole is, or where the whole is 0."""
    return tuple(_percent(part, whole) for part, whole in zip(parts, wholes, strict=True))


def add_up(table: AgeTable, groups: Mapping[str, Sequence[int]]) -> AgeTable:
    """Return the table of the groups (districts, areas, the city): the rows of each summed, in the order of the mapping.

    Raises InputRefused, all groups at once, for a group without rows (its people are unknown, not 0), a row that is not
    in the table, and a row that stands twice in one group.
    """
    faults = [Fault(f"{name}: {what}") for name, rows in groups.items() if (what := _wrong(rows, table))]
    if faults:
        raise InputRefused("年齢の表を地区にまとめられません。", faults=faults)
    chosen = [list(rows) for rows in groups.values()]

    def summed(people: Floats) -> Floats:
        return np.array([people[rows].sum(axis=0) for rows in chosen]).reshape(len(chosen), *people.shape[1:])

    return AgeTable(
        tuple(groups), table.bands, summed(table.both), summed(table.unknown_age),
        None if table.male is None else summed(table.male), None if table.female is None else summed(table.female),
    )  # fmt: skip


def pyramid(table: AgeTable, row: int) -> tuple[tuple[str, float, float], ...] | Unknown:
    """Return (label of the band, male, female) of a unit from the youngest up, in % of its people of known age.

    All shares add up to 100. Unknown where the table does not tell the sexes apart, and where nobody lives.
    """
    if table.male is None or table.female is None:
        return Unknown("男女別がない", "開いた表は男女を分けていません")
    whole = float(table.both[row].sum())
    if whole == 0:
        return _NOBODY
    shares = ((100 * people[row] / whole).tolist() for people in (table.male, table.female))
    return tuple(zip((band.label for band in table.bands), *shares, strict=True))


def weak_units(table: AgeTable, minimum: float) -> frozenset[str]:
    """Return the units with fewer people of known age than `minimum`: their rates are not to be read closely."""
    people = table.both.sum(axis=1)
    return frozenset(unit for unit, known in zip(table.units, people, strict=True) if known < minimum)


def rate_places(
    units: Sequence[str], parts: Sequence[float | Unknown], wholes: Sequence[float | Unknown]
) -> dict[str, tuple[int, int]]:
    """Return the places (first, last) each unit's rate part ÷ whole can have, largest first, by 95 % intervals.

    Units of which a part or the whole is Unknown, or of nobody, are left out and take no place.
    """
    known: list[tuple[str, tuple[float, float]]] = []
    for unit, part, whole in zip(units, parts, wholes, strict=True):
        if not isinstance(part, Unknown) and not isinstance(whole, Unknown) and whole > 0:
            known.append((unit, wilson(part, whole)))
    ends = np.array([ends for _, ends in known], dtype=np.float64).reshape(-1, 2)
    return dict(zip((unit for unit, _ in known), rank_ranges(ends[:, 0], ends[:, 1]), strict=True))


def _count(table: AgeTable, low: int, high: int | None) -> Values:
    people = table.at(low, high)
    if people is None:
        wanted = f"{low}歳以上" if high is None else f"{low}～{high}歳"
        reason = Unknown(f"{wanted}の区分がない", f"開いた表の区分では {wanted} を数えられません")
        return (reason,) * len(table.units)
    return tuple(float(one) for one in people)


def _percent(part: float | Unknown, whole: float | Unknown) -> float | Unknown:
    if isinstance(part, Unknown):
        return part
    if isinstance(whole, Unknown):
        return whole
    return 100 * part / whole if whole else _NOBODY


def _wrong(rows: Sequence[int], table: AgeTable) -> str:
    if not rows:
        return "年齢の表に行がありません"
    if any(not 0 <= row < len(table.units) for row in rows):
        return "年齢の表にない行です"
    return "同じ行が2回あります" if len(set(rows)) < len(rows) else ""
