"""What a term measures of each unit: people, households, m², km, bands, a table; with coefficients and months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.model.amounts import exact_text
from kyodo_geo.model.exact import Exact
from kyodo_geo.rules.formula import Band, Banded, Kind, Term
from kyodo_geo.rules.settled import Settled

MONTHS = 12
MEASURE_LABELS = {
    "population": ("人口", "人"),
    "households": ("世帯数", "世帯"),
    "area_m2": ("面積", "m²"),
    "distance_km": ("距離", "km"),
    "ageing_percent": ("高齢化率", "%"),
}


@dataclass(frozen=True)
class Unit:
    """Something that receives a share: a district, a council, an area.

    `measures` holds what else is counted of it (exact numbers by column name); `months` is how many months of the
    year it stands; `estimated` says that its boundary or its population is an estimate,
    `uncertain` that part of its boundary stands on little evidence.
    """

    code: str
    name: str
    population: int
    measures: Mapping[str, Fraction | int] = field(default_factory=lambda: MappingProxyType({}))
    months: int = MONTHS
    estimated: bool = False
    uncertain: bool = False

    def measure(self, name: str) -> Fraction | None:
        """Return a measure, or None where it is not known; the ageing rate is computed when its parts are there."""
        if name == "population":
            return Fraction(self.population)
        if name in self.measures:
            return Fraction(self.measures[name])
        if name == "ageing_percent" and "age_65_over" in self.measures and self.population:
            return Fraction(self.measures["age_65_over"]) * 100 / self.population
        return None


def refuse_bad_units(units: Sequence[Unit]) -> None:
    """Raise InputRefused, all faults at once, for no units, doubled codes, negative numbers and impossible months."""
    codes = Counter(unit.code for unit in units)
    faults = [Fault(f"同じコードが2回あります: {code}") for code in sorted(codes) if codes[code] > 1]
    for unit in units:
        if unit.population < 0 or any(value < 0 for value in unit.measures.values()):
            faults.append(Fault(f"負の数があります: {unit.code} {unit.name}"))
        if not 0 <= unit.months <= MONTHS:
            faults.append(Fault(f"月数は 0 から {MONTHS} までです: {unit.code} {unit.name}({unit.months})"))
    if not units:
        faults.append(Fault("単位が1つもありません"))
    if faults:
        raise InputRefused(
            f"単位の一覧に {len(faults)} 件の誤りがあります。",
            faults=faults,
            todo="1つの単位は1行にしてください",
        )


def measure_label(name: str, columns: Mapping[str, str]) -> str:
    """The Japanese word for a measure: the rule's own, 人口, 75歳以上人口; a column without a word keeps its name."""
    if name in columns:
        return columns[name]
    if name.startswith("age_") and name.endswith("_over"):
        return f"{name.removeprefix('age_').removesuffix('_over')}歳以上人口"
    return MEASURE_LABELS.get(name, (name, ""))[0]


def weights(term: Term, units: Sequence[Unit], settled: Settled) -> Exact:
    """Return what each unit counts in a term: its measure, per, beyond and step applied, times coefficient and months.

    Raises InputRefused naming every unit whose measure is missing; a coefficient only where there is something to count.
    """
    base = _base(term, units, settled)
    if term.coefficient:
        base = base.times_each(Exact.of(_column(term.coefficient, term, units, settled)))
    if term.coefficient_by:
        base = base.times_each(_coefficients(term.coefficient_by, base, term, units, settled))
    if term.by_months and any(unit.months != MONTHS for unit in units):
        base = base.times_each(Exact(tuple(unit.months for unit in units), MONTHS))
    return base


def _base(term: Term, units: Sequence[Unit], settled: Settled) -> Exact:
    if term.kind in {Kind.EQUAL, Kind.FLAT} and not term.measure:
        return Exact((1,) * len(units))
    if term.kind is Kind.BANDS:
        return Exact.of(_banded(Banded(term.measure, term.bands), term, units, settled))
    if term.table:
        return Exact.of(_table(term, units, settled))
    per, beyond, step = (settled.number(ref) for ref in (term.per, term.beyond, term.step))
    if not per:
        raise InputRefused(
            f"「{term.label}」の除数(per)が 0 です。0 では割れません。", todo="1 以上の数にしてください"
        )
    counted = Exact.of(_column(term.measure, term, units, settled))
    if beyond:
        counted = Exact.of(max(value - beyond, Fraction(0)) for value in counted.fractions())
    if step:
        counted = Exact.of(value // step * step for value in counted.fractions())
    return counted if per == 1 else counted.times(1 / per)


def _column(name: str, term: Term, units: Sequence[Unit], settled: Settled) -> list[Fraction]:
    found = [unit.measure(name) for unit in units]
    missing = [unit for unit, value in zip(units, found, strict=True) if value is None]
    if missing:
        names = "、".join(f"{unit.code} {unit.name}" for unit in missing[:5])
        more = f" ほか {len(missing) - 5} 件" if len(missing) > 5 else ""
        raise InputRefused(
            f"「{term.label}」に要る {measure_label(name, settled.formula.columns)}(列 {name})がありません。",
            faults=[Fault(f"値のない単位: {names}{more}")],
            todo=f"列 {name} のある単位の表を読み込んでください",
        )
    return [value for value in found if value is not None]


def _banded(banded: Banded, term: Term, units: Sequence[Unit], settled: Settled) -> list[Fraction]:
    bands = [(settled.number(band.lower), settled.number(band.value)) for band in banded.bands]
    _refuse_disorder(term, [lower for lower, _ in bands])
    measured = _column(banded.measure, term, units, settled)
    return [next(value for lower, value in reversed(bands) if counted >= lower) for counted in measured]


def _coefficients(banded: Banded, base: Exact, term: Term, units: Sequence[Unit], settled: Settled) -> Exact:
    """Return each unit's coefficient; where nothing is counted none is needed (the ageing rate of nobody is no number)."""
    counted = [unit for unit, weight in zip(units, base.numerators, strict=True) if weight]
    found = iter(_banded(banded, term, counted, settled))
    return Exact.of(next(found) if weight else Fraction(0) for weight in base.numerators)


def band_of(bands: Sequence[Band], counted: Fraction, settled: Settled) -> int:
    """Return the index of the band a measure falls in."""
    return max(index for index, band in enumerate(bands) if counted >= settled.number(band.lower))


def _refuse_disorder(term: Term, bounds: Sequence[Fraction]) -> None:
    """Bounds may have been supplied by the user: they must begin at 0 and rise."""
    if bounds[0] != 0 or any(later <= earlier for earlier, later in pairwise(bounds)):
        said = "、".join(map(exact_text, bounds))
        raise InputRefused(
            f"「{term.label}」の段階の下限({said})は 0 から始まる小さい順ではありません。",
            todo="段階の下限を直してください",
        )


def _table(term: Term, units: Sequence[Unit], settled: Settled) -> list[Fraction]:
    table = dict(term.table)
    missing = [unit for unit in units if unit.code not in table]
    strangers = sorted(set(table) - {unit.code for unit in units})
    if missing or strangers:
        faults = [Fault(f"表に額がありません: {unit.code} {unit.name}") for unit in missing]
        faults += [Fault(f"表にあるコードの単位がありません: {code}") for code in strangers]
        raise InputRefused(f"「{term.label}」の表と単位が合いません。", faults=faults)
    return [settled.number(table[unit.code]) for unit in units]
