"""From the tables of a rule file to a Formula: terms, limits, rounding, leftover, instalments, claim."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from kyodo_geo.rules.fields import Fields, exact_number
from kyodo_geo.rules.formula import (
    Addon,
    Amount,
    Band,
    Banded,
    Counting,
    Formula,
    How,
    Instalments,
    Kind,
    Leftover,
    LeftoverMethod,
    Limit,
    PaidBy,
    Ref,
    Term,
    Transition,
)
from kyodo_geo.rules.read_counting import WHO, read_counting
from kyodo_geo.rules.rounding import ROUNDING_UNITS, Direction, Rounding

__all__ = ["FORMULA_KEYS", "WHO", "read_formula"]

FORMULA_KEYS = {"counting", "term", "addon", "unit", "total", "instalments", "claim", "columns"}
_TERM_KEYS = {
    "id", "label", "kind", "amount", "counting", "measure", "per", "beyond", "step", "age", "bands", "table",
    "coefficient", "coefficient_by", "floor", "cap", "rounding", "by_months", "optional", "reference",
}  # fmt: skip
_MEASURES = {
    Kind.POPULATION: "population",
    Kind.HOUSEHOLDS: "households",
    Kind.AREA: "area_m2",
    Kind.DISTANCE: "distance_km",
}
_AT_A_DAY = {"population", "households", "ageing_percent"}  # and everybody above an age
_SCALED = ("per", "beyond", "step")


def read_formula(fields: Fields) -> Formula:
    """Read the formula of a whole rule file; faults go to `fields`."""
    common = fields.inner("counting")
    counting = read_counting(common) if common else None
    unit, total = (
        fields.inner(key) or Fields({}, file=fields.file, place=key, faults=[]) for key in ("unit", "total")
    )
    unit.allow({"rounding", "floor", "cap", "transition"})
    total.allow({"budget", "rounding", "leftover"})
    if not fields.raw.get("term"):
        fields.fault("[[term]] が1つもありません。計算する項を書いてください")
    return Formula(
        terms=tuple(_term(row, counting) for row in fields.rows("term")),
        addons=tuple(_addon(row, counting) for row in fields.rows("addon")),
        floor=_limit(unit, "floor", paid_by=True),
        cap=_limit(unit, "cap"),
        transition=_transition(unit),
        rounding=_rounding(unit) or Rounding(),
        total_rounding=_rounding(total),
        leftover=_leftover(total),
        instalments=_instalments(fields),
        columns=_columns(fields),
        budget=total.ref("budget"),
    )


def _columns(fields: Fields) -> dict[str, str]:
    """Read the words for columns of the rule's own, so that nobody reads a bare column name."""
    inner = fields.inner("columns")
    return {name: inner.text(name) for name in inner.raw} if inner else {}


def _term(row: Fields, common: Counting | None) -> Term:
    row.allow(_TERM_KEYS, {"id", "label", "kind", "amount"})
    kind = Kind(row.choice("kind", [*Kind], "equal"))
    own = row.inner("counting")
    counting = read_counting(own) if own else common
    measure, by = _measure(row, kind), _banded(row, "coefficient_by")
    _refuse_no_day(row, counting, measure, by.measure if by else "")
    _refuse_idle(row, kind, measure)
    return Term(
        id=row.name("id"),
        label=row.text("label"),
        kind=kind,
        amounts=_amounts(row),
        counting=counting or Counting(""),
        measure=measure,
        per=row.ref("per", Fraction(1)),
        beyond=row.ref("beyond", Fraction(0)),
        step=row.ref("step", Fraction(0)),
        bands=_term_bands(row, kind),
        table=_table(row, kind),
        coefficient=row.name("coefficient"),
        coefficient_by=by,
        floor=_limit(row, "floor"),
        cap=_limit(row, "cap"),
        rounding=_rounding(row),
        by_months=row.flag("by_months", default=True),
        optional=row.flag("optional", default=False),
        reference=row.text("reference"),
    )


def _refuse_no_day(row: Fields, counting: Counting | None, *measures: str) -> None:
    """Note a missing reference day where people or households are counted."""
    if counting is None and any(one in _AT_A_DAY or one.startswith("age_") for one in measures):
        row.fault(
            "基準日がありません。[counting] か counting = { reference_day = … } に書いてください", "counting"
        )


def _refuse_idle(row: Fields, kind: Kind, measure: str) -> None:
    """Note keys that would change nothing: they would only look as if they did."""
    measured = measure and kind is not Kind.BANDS and "table" not in row.raw
    idle = [] if measured else [key for key in _SCALED if key in row.raw]
    idle += ["age"] if "age" in row.raw and kind is not Kind.ELDERLY else []
    idle += ["measure"] if "measure" in row.raw and (kind is Kind.ELDERLY or "table" in row.raw) else []
    for key in idle:
        row.fault("この種類の項では何も変えません。消してください", key)
    if exact_number(row.raw.get("per")) == 0:
        row.fault("0 では割れません", "per")


def _measure(row: Fields, kind: Kind) -> str:
    """Return the column of the unit that the term measures; an elderly term names its age."""
    if kind is Kind.ELDERLY:
        if "age" not in row.raw:
            row.fault("何歳以上かを age = 65 のように書いてください", "age")
        if (age := row.whole("age", 65)) < 0:
            row.fault(f"0 以上の年齢です。「{age}」は使えません", "age")
        return f"age_{age}_over"
    if kind is Kind.BANDS and "measure" not in row.raw:
        row.fault('何で段階を分けるかを measure = "population" のように書いてください', "measure")
    return row.name("measure") or _MEASURES.get(kind, "")


def _amounts(row: Fields) -> tuple[Amount, ...]:
    """Return the alternatives: one inline table, or an array of them."""
    raw = row.raw.get("amount", [])
    found = []
    for entry in raw if isinstance(raw, list) else [raw]:
        if not isinstance(entry, dict) or len(entry) != 1 or next(iter(entry)) not in set(How):
            row.fault(
                '{ rate = "値の名前" }、{ share = … }、{ fixed = … }、{ rest = true } のどれか1つです',
                "amount",
            )
            continue
        found.append(_amount(row, entry))
    if not raw and "amount" in row.raw:
        row.fault("金額の出し方が1つもありません", "amount")
    return tuple(found)


def _amount(row: Fields, entry: dict[str, Any]) -> Amount:
    how = How(next(iter(entry)))
    inner = Fields(entry, file=row.file, place=f"{row.place}.amount", faults=row.faults)
    if how is How.REST:
        if entry["rest"] is not True:
            inner.fault("true だけです", "rest")
        return Amount(how)
    return Amount(how, inner.ref(how.value))


def _term_bands(row: Fields, kind: Kind) -> tuple[Band, ...]:
    if kind is Kind.BANDS and not row.raw.get("bands"):
        row.fault("段階がありません。bands = [{ from = 0, value = … }, …] と書いてください", "bands")
    if kind is not Kind.BANDS and "bands" in row.raw:
        row.fault(f"bands は kind = {Kind.BANDS.value!r} の項だけに書けます", "bands")
    return _bands(row)


def _bands(row: Fields) -> tuple[Band, ...]:
    """Read bands: lower bounds from 0 upwards; a stated upper bound must be the next lower one."""
    bands, upper = [], None
    for number, entry in enumerate(row.rows("bands")):
        entry.allow({"from", "below", "value"}, {"from", "value"})
        lower = entry.ref("from", Fraction(0))
        if number == 0 and isinstance(lower, Fraction) and lower != 0:
            entry.fault(f"0 から {lower} までの段階がありません(すき間)", "from")
        if upper is not None and upper != lower:
            entry.fault(f"前の段階は {upper} 未満、この段階は {lower} からです(重なりかすき間)", "from")
        upper = entry.ref("below") if "below" in entry.raw else None
        bands.append(Band(lower, entry.ref("value")))
    if upper is not None:
        row.fault(f"{upper} 以上の段階がありません(すき間)。最後の段階には below を書きません", "bands")
    return tuple(bands)


def _table(row: Fields, kind: Kind) -> tuple[tuple[str, Ref], ...]:
    """Read the amounts by unit code; a table term without one takes them from the column `measure`."""
    inner = row.inner("table")
    if kind is Kind.TABLE and not (inner and inner.raw) and "measure" not in row.raw:
        row.fault('table = { "01" = … } か measure = "列の名前" のどちらかが要ります', "table")
    if kind is not Kind.TABLE and inner is not None:
        row.fault(f"table は kind = {Kind.TABLE.value!r} の項だけに書けます", "table")
    return tuple((code, inner.ref(code)) for code in inner.raw) if inner else ()


def _banded(row: Fields, key: str) -> Banded | None:
    inner = row.inner(key)
    if inner is None:
        return None
    inner.allow({"measure", "bands"}, {"measure", "bands"})
    if inner.raw.get("bands") == []:
        inner.fault("段階がありません", "bands")
    return Banded(inner.name("measure"), _bands(inner))


def _limit(fields: Fields, key: str, *, paid_by: bool = False) -> Limit | None:
    """Read a floor or a cap; only the unit's floor says who pays."""
    inner = fields.inner(key)
    if inner is None:
        return None
    inner.allow({"value", "percent", "of", *(["paid_by"] if paid_by else [])})
    if ("value" in inner.raw) == ("percent" in inner.raw):
        inner.fault("value(円)か percent(%)と of(項の id)のどちらかを書いてください")
    if ("percent" in inner.raw) != ("of" in inner.raw):
        inner.fault("percent と of は一緒に書きます")
    return Limit(inner.ref("value"), inner.ref("percent"), inner.text("of"), _paid_by(inner, PaidBy.EXTRA))


def _transition(unit: Fields) -> Transition | None:
    inner = unit.inner("transition")
    if inner is None:
        return None
    inner.allow({"percent", "paid_by"}, {"percent", "paid_by"})
    return Transition(inner.ref("percent"), _paid_by(inner, PaidBy.EXTRA))


def _paid_by(fields: Fields, default: PaidBy) -> PaidBy:
    return PaidBy(fields.choice("paid_by", [*PaidBy], default))


def _rounding(fields: Fields) -> Rounding | None:
    inner = fields.inner("rounding")
    if inner is None:
        return None
    inner.allow({"unit_yen", "direction"}, {"unit_yen", "direction"})
    unit = inner.whole("unit_yen", 1)
    if unit not in ROUNDING_UNITS:
        inner.fault(f"{'、'.join(map(str, ROUNDING_UNITS))} のどれかです。「{unit}」は使えません", "unit_yen")
        unit = 1
    return Rounding(unit, Direction(inner.choice("direction", [*Direction], "floor")))


def _leftover(total: Fields) -> Leftover:
    inner = total.inner("leftover")
    if inner is None:
        return Leftover()
    inner.allow({"method", "unit"}, {"method"})
    method = LeftoverMethod(inner.choice("method", [*LeftoverMethod], "report"))
    if (method is LeftoverMethod.UNIT) != ("unit" in inner.raw):
        inner.fault('unit(単位のコード)は method = "unit" のときに、必ず書きます', "unit")
    return Leftover(method, inner.text("unit"))


def _instalments(fields: Fields) -> Instalments | None:
    inner = fields.inner("instalments")
    if inner is None:
        return None
    inner.allow({"months", "unit_yen", "reference"}, {"months"})
    months = inner.raw.get("months")
    allowed = range(1, 13)
    good = isinstance(months, list) and all(type(month) is int and month in allowed for month in months)
    if not isinstance(months, list) or not good or len(months) not in {1, 2, 4}:
        inner.fault("交付する月を months = [4, 10] のように1・2・4個書いてください", "months")
        months = [4]
    if len(set(months)) < len(months):
        inner.fault("同じ月が2回あります", "months")
    unit = inner.whole("unit_yen", 1)
    if unit not in ROUNDING_UNITS:
        inner.fault(f"{'、'.join(map(str, ROUNDING_UNITS))} のどれかです", "unit_yen")
    return Instalments(tuple(months), unit)


def _addon(row: Fields, counting: Counting | None) -> Addon:
    keys = {"id", "label", "measure", "below", "value"}
    row.allow({*keys, "reference"}, keys)
    _refuse_no_day(row, counting, row.text("measure"))
    return Addon(
        row.name("id"), row.text("label"), row.name("measure"), row.ref("below"), row.ref("value"),
        counting or Counting(""), row.text("reference"),
    )  # fmt: skip
