"""Activity for the map: activities per 100 people of each district in each fiscal year, and their number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kyodo_geo.city import City
from kyodo_geo.councils.activity import ActivityStudy
from kyodo_geo.councils.activity_rows import NO_PEOPLE, PER_HEADS
from kyodo_geo.fiscal import FiscalYear, both_calendars
from kyodo_geo.model.councils.sums import Sum
from kyodo_geo.model.figures import Figures
from kyodo_geo.model.indicators import Indicator, Value
from kyodo_geo.model.rates import WEAK_BELOW
from kyodo_geo.provenance import Basis, Unknown, weakest

_SHARED = Unknown("複数の地区を受け持つ協働体の分は割り振らない")
_GAP = Unknown("記録のない地区がある")
_COMPUTED = Unknown("計算済み")
_LEAST = "回数の書かれていない記録は数に入っていません(少なくともの値)"


def activity_figures(city: City, study: ActivityStudy) -> list[Figures]:
    """Return two indicators for each fiscal year: activities per 100 people, and activities.

    A district whose council works for several districts has no value of its own beside theirs; an area or the city has one
    where every district has. What stands on fewer than WEAK_BELOW people is weak.
    """
    return [
        *(_figures(city, study, year, _PER_PEOPLE, per=PER_HEADS) for year in study.years),
        *(_figures(city, study, year, _NUMBER, per=0) for year in study.years),
    ]


def _indicator(name: str, label: str, unit: str, decimals: int, definition: str) -> Indicator:
    return Indicator(
        id=name,
        label=label,
        unit=unit,
        kind="sequential",
        decimals=decimals,
        span="status",
        higher="活動が多い",
        definition=definition,
        caution="活動の数え方は協働体ごとに違うことがあり、多い・少ないは良し悪しではありません",
        compute=lambda _counts, _year, _before: _COMPUTED,
        inputs=(),
        theme="協働",
    )


_PER_PEOPLE = _indicator(
    "activities_per_100", f"活動の回数(人口{PER_HEADS}人当たり)", "回", 2,
    f"年度の活動の回数 ÷ 国勢調査の人口 × {PER_HEADS}",
)  # fmt: skip
_NUMBER = _indicator("activities", "活動の回数", "回", 0, "年度の活動の回数(5つの役割の計)")


def _figures(city: City, study: ActivityStudy, year: int, item: Indicator, *, per: int) -> Figures:
    codes = list(dict.fromkeys(city.lines(study.day).values()))
    counts = {code: _count(study, code, year) for code in codes}
    people = {code: study.people.get(code, NO_PEOPLE) for code in codes}
    by_area: dict[str, list[str]] = {}
    for code in codes:
        by_area.setdefault(city.area_of(code), []).append(code)
    whole = _shares_out(study, year)
    return Figures(
        indicator=item,
        year=year,
        before=year,
        reference_date=FiscalYear(year).label,
        districts={code: _value([counts[code]], [people[code]], per) for code in codes},
        areas={
            area: whole or _value([counts[one] for one in some], [people[one] for one in some], per)
            for area, some in by_area.items()
        },
        city=whole or _value(list(counts.values()), list(people.values()), per),
        caution=_caution(study, item, counts, per),
        basis=study.head_basis if per else study.basis,
        whole_basis=weakest([study.basis, Basis.DERIVED]),
        sources=study.sources,
        step_label=FiscalYear(year).label,
        weak=frozenset(_weak(people, counts)) if per else frozenset(),
    )


def _count(study: ActivityStudy, code: str, year: int) -> Sum | Unknown:
    sums = study.sums["district"]
    found = sums.value(code, year, "count")
    councils = [one for one, codes in study.ties.items() if code in codes and one in sums.units]
    shared = any(sums.records[sums.units.index(one), sums.years.index(year)].sum() for one in councils)
    return _SHARED if shared else found


def _shares_out(study: ActivityStudy, year: int) -> Unknown | None:
    """Return why wholes have no value where something was done that belongs to no one district."""
    sums = study.sums["district"]
    apart = [one for one in sums.units if one not in study.people or one in study.ties]
    done = any(sums.records[sums.units.index(one), sums.years.index(year)].sum() for one in apart)
    return _SHARED if done else None


def _value(counts: Iterable[Sum | Unknown], people: Iterable[int | Unknown], per: int) -> Value:
    some, live = list(counts), list(people)
    unknown = [one for one in some if isinstance(one, Unknown)]
    if unknown:
        return unknown[0] if len(some) == 1 else _GAP
    total = sum(one.value for one in some if isinstance(one, Sum))
    if not per:
        return total
    missing = next((one for one in live if isinstance(one, Unknown)), None)
    heads = sum(one for one in live if not isinstance(one, Unknown))
    if missing is not None or heads <= 0:
        return missing or Unknown("住む人がいない")
    return total * per / heads


def _weak(people: Mapping[str, int | Unknown], counts: Mapping[str, Sum | Unknown]) -> Iterable[str]:
    for code, found in counts.items():
        live = people[code]
        if isinstance(found, Sum) and not isinstance(live, Unknown) and 0 < live < WEAK_BELOW:
            yield code


def _caution(study: ActivityStudy, item: Indicator, counts: Mapping[str, Sum | Unknown], per: int) -> str:
    parts = [item.caution]
    if any(isinstance(one, Sum) and one.unstated for one in counts.values()):
        parts.append(_LEAST)
    if per:
        parts.append(f"人口は国勢調査({both_calendars(study.people_day)})")
    return "。".join(parts)
