"""What is counted in a unit, the same for a district, an area or the city, and how units add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kyodo_geo.provenance import Unknown

MANAGEMENT_LABELS = {"community": "指定管理", "direct": "直営", "unknown": "不明"}
NOT_PUBLISHED = Unknown("公表資料なし")

Amount = float | Unknown


@dataclass(frozen=True)
class Homes:
    """Dwellings or households of a unit in a year: `part` of them (vacant, with elderly) out of `whole`."""

    part: Amount
    whole: Amount


@dataclass(frozen=True)
class UnitCounts:
    """What is counted in a unit; every mapping is by year, and a year that is not there is not known.

    People and households by census, km², and centres by management status. `vanishing` are the small areas near
    disappearing, `closed_schools` since the source begins, `wards` those with published figures. `ages` gives the
    people of each group of AGE_GROUPS, of known age ("known") and in all ("total"); `elderly_homes` the households
    with somebody of 65 or over; `vacancy` the vacant dwellings.
    """

    population: Mapping[int, int]
    households: Mapping[int, int]
    km2: float
    management: Mapping[str, int]
    vanishing: Mapping[int, Amount] = field(default_factory=dict)
    closed_schools: Amount = NOT_PUBLISHED
    wards: int = 0
    ages: Mapping[int, Mapping[str, Amount]] = field(default_factory=dict)
    elderly_homes: Mapping[int, Homes] = field(default_factory=dict)
    vacancy: Mapping[int, Homes] = field(default_factory=dict)


# Ages from and to, both included; None is open
AGE_GROUPS = {
    "under_15": (0, 14), "working": (15, 64), "over_65": (65, None), "over_75": (75, None), "over_85": (85, None),
}  # fmt: skip


def add(amounts: Iterable[Amount]) -> Amount:
    """Add amounts; one unknown makes the sum unknown, with its reason."""
    total: float = 0
    for one in amounts:
        if isinstance(one, Unknown):
            return one
        total += one
    return total


def sum_counts(units: Iterable[UnitCounts]) -> UnitCounts:
    """Add the counts of units: an area from its districts, the city from its areas."""
    rows = list(units)
    years = rows[0].population
    return UnitCounts(
        population={year: sum(row.population[year] for row in rows) for year in years},
        households={year: sum(row.households[year] for row in rows) for year in years},
        km2=sum(row.km2 for row in rows),
        management=sum((Counter(row.management) for row in rows), Counter[str]()),
        vanishing={year: add(row.vanishing[year] for row in rows) for year in rows[0].vanishing},
        closed_schools=add(row.closed_schools for row in rows),
        wards=sum(row.wards for row in rows),
        ages={
            year: {group: add(row.ages[year][group] for row in rows) for group in groups}
            for year, groups in rows[0].ages.items()
        },
        elderly_homes={
            year: _sum_homes(row.elderly_homes[year] for row in rows) for year in rows[0].elderly_homes
        },
        vacancy={year: _sum_homes(row.vacancy[year] for row in rows) for year in rows[0].vacancy},
    )


def _sum_homes(homes: Iterable[Homes]) -> Homes:
    rows = list(homes)
    return Homes(add(row.part for row in rows), add(row.whole for row in rows))


def describe_management(counts: Mapping[str, int]) -> str:
    """Write the statuses of several centres in words: 指定管理 8・不明 26."""
    return "・".join(f"{label} {counts[key]}" for key, label in MANAGEMENT_LABELS.items() if counts.get(key))
