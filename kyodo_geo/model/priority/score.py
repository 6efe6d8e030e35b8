"""The priority index: each indicator on one scale from 0 to 1, weighted, added up, and placed as far as it is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from kyodo_geo.errors import Fault, InputRefused, KeyMismatch
from kyodo_geo.model.priority.choice import PriorityChoice
from kyodo_geo.model.ranking import rank_ranges
from kyodo_geo.provenance import Unknown

Floats = npt.NDArray[np.float64]

WHAT_IT_IS_NOT = (
    "この指数は、選んだ指標を選んだ向きと重みで並べたもので、困っている人の数やその理由を表すものではなく、"
    "下位の地区に課題がないという意味でもありません。"
)
_METHOD_SENTENCES = {
    "percentile": "百分位: 値の分かる地区を小さい順に並べ、(順位 − 0.5)÷ 地区の数 を 0～1 の点とします"
    "(同じ値には平均の順位を使い、すべて同じ値なら 0.5)。",
    "minmax": "最小・最大: (値 − 最小)÷(最大 − 最小)を 0～1 の点とします(すべて同じ値なら 0.5)。",
    "z": "標準得点: (値 − 平均)÷ 標準偏差 を −3～3 に収め、3 を足して 6 で割った 0～1 の点とします"
    "(平均と標準偏差は値の分かる地区から計算し、すべて同じ値なら 0.5)。",
}
_MISSING_SENTENCES = {
    "range": "分からない値は 0～1 のどこにあるとも決めず、点と順位を幅で示します。",
    "exclude": "分からない値が1つでもある地区には点も順位も付けず、足りない指標とともに別に示します。",
}
# Of 100 points: sums of the same numbers in another order differ by less, so this is still a tie
HAIR = 1e-9
_WIDEST = 1e100


@dataclass(frozen=True)
class Column:
    """The values of one indicator by unit code, and for weak ones the interval (low, high) in which they lie.

    `label` is shown and names the years of a change itself; `unit` is the unit of the values; `intervals` hold their
    value. Raises InputRefused with every fault: a value that is no number (words, NaN, infinite), an interval of a unit
    that has no value, or that does not hold its value.
    """

    indicator_id: str
    label: str
    unit: str
    values: Mapping[str, float | Unknown]
    year: int | None = field(kw_only=True)
    intervals: Mapping[str, tuple[float, float]] = field(
        kw_only=True, default_factory=lambda: MappingProxyType({})
    )

    def __post_init__(self) -> None:
        wrong = {code: value for code, value in self.values.items() if not _usable(value)}
        faults = [
            Fault(f"{code}: 値「{value}」は数ではありません", column=self.label)
            for code, value in wrong.items()
        ]
        for code, (low, high) in self.intervals.items():
            value = self.values.get(code, Unknown("値がない"))
            if code in wrong:
                continue
            if isinstance(value, Unknown) or not -_WIDEST < low <= value <= high < _WIDEST:
                what = f"{code}: 幅 {low:g}～{high:g} の中に値({value})がありません"
                faults.append(Fault(what, column=self.label))
        if faults:
            raise InputRefused(
                f"指標「{self.title}」の値を使えません。",
                faults=faults,
                todo="数の指標を選んでください。分からない値は不明のままにしてください",
            )

    @property
    def title(self) -> str:
        """The label with its year, where it has one and does not name it itself."""
        named = self.year is None or str(self.year) in self.label
        return self.label if named else f"{self.label}({self.year}年)"


@dataclass(frozen=True)
class Lacking:
    """A unit and the indicators of weight above 0 whose value is unknown there, in their order."""

    code: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, eq=False)
class Scores:
    """Scores of n units by m indicators in points of 100, each an interval [low, high] (equal ends: it is sure).

    `scaled_low/high` are (n, m) from 0 to 1, 1 the most pressing; `contribution_low/high` (n, m) add up along their row
    to `low/high` (n,). `ranks` are the places (best, worst) of each unit, 1 the most pressing; a place is sure where
    both are equal. `lacking` names every unit with an unknown; under the rule "exclude" these are not among `units`.
    """

    choice: PriorityChoice
    columns: tuple[Column, ...]
    units: tuple[str, ...]
    scaled_low: Floats
    scaled_high: Floats
    contribution_low: Floats
    contribution_high: Floats
    low: Floats
    high: Floats
    ranks: tuple[tuple[int, int], ...]
    lacking: tuple[Lacking, ...]

    @property
    def order(self) -> tuple[int, ...]:
        """The rows as a list shows them: by best place, worst place, then code."""
        rows = range(len(self.units))
        return tuple(sorted(rows, key=lambda row: (self.ranks[row], self.units[row])))

    @property
    def sentences(self) -> tuple[str, ...]:
        """What must be said beside the scores: how an unknown counts, which indicator nobody has, or that none is scored."""
        said = [_MISSING_SENTENCES[self.choice.missing]] if self.lacking else []
        said += [
            f"「{column.title}」は、どの地区の値も分かりません。"
            for column, item in zip(self.columns, self.choice.items, strict=True)
            if item.weight and all(isinstance(value, Unknown) for value in column.values.values())
        ]
        if not self.units:
            said.append(
                "点を付けられる地区がありません。その指標を外すか、分からない値を幅で示す方法にしてください。"
            )
        return tuple(said)


def score_units(columns: Sequence[Column], choice: PriorityChoice) -> Scores:
    """Return the scores of all units, Σ weight · scaled ÷ Σ weight × 100, with what each indicator adds to them.

    `columns` are those of the items, in their order, over the same units. Only known values make a scale, also those of
    units left out, and a weak value moves along the scale of the values themselves. Unknowns of weight 0 do not count.
    The places hold however the scaled values lie within their intervals; another scale might give others.
    Raises InputRefused when columns and items do not fit, KeyMismatch when the columns speak of different units.
    """
    _require_fit(columns, choice)
    units = require_same_units(columns)
    lacking = _lacking(units, columns, choice)
    out = {one.code for one in lacking} if choice.missing == "exclude" else set()
    kept = [row for row, code in enumerate(units) if code not in out]
    ends = [
        scale(column, units, method=choice.method, direction=item.direction)
        for column, item in zip(columns, choice.items, strict=True)
    ]
    low, high = (np.column_stack([one[end] for one in ends])[kept] for end in (0, 1))
    weights = np.array([item.weight for item in choice.items], dtype=np.float64)
    points = 100 * weights / weights.sum()
    parts_low, parts_high = low * points, high * points
    total_low, total_high = parts_low.sum(axis=1), parts_high.sum(axis=1)
    return Scores(
        choice, tuple(columns), tuple(units[row] for row in kept), low, high, parts_low, parts_high,
        total_low, total_high, rank_ranges(total_low - HAIR, total_high + HAIR), lacking,
    )  # fmt: skip


def scale(column: Column, units: Sequence[str], *, method: str, direction: str) -> tuple[Floats, Floats]:
    """Return (low, high) of each unit on the scale 0–1, 1 the most pressing: (n,) each, in the order of `units`.

    x is a value, n the number of known ones. percentile: (rank − 0.5) ÷ n with the mean rank of ties; minmax:
    (x − min) ÷ (max − min); z: (x − mean) ÷ standard deviation (of the population), clipped to ±3, + 3, ÷ 6. Each is
    0.5 where all are equal. Direction low turns the scale round (1 − it). A known value has equal ends, a weak one
    those of its interval on the same scale (percentile: its place among the other units' values, minmax: cut at 0 and
    1), an unknown has 0 and 1.
    """
    low, high = np.zeros(len(units)), np.ones(len(units))
    known = [
        (row, float(value))
        for row, value in enumerate(column.values[code] for code in units)
        if not isinstance(value, Unknown)
    ]
    if known:
        rows, own = [row for row, _ in known], np.array([value for _, value in known])
        ends = np.array([column.intervals.get(units[row], (value, value)) for row, value in known])
        low[rows], high[rows] = (_SCALES[method](ends[:, end], own) for end in (0, 1))
    return (low, high) if direction == "high" else (1 - high, 1 - low)


def require_same_units(columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the units of all columns in the order of the first; KeyMismatch names the units that only some have."""
    units = columns[0].values.keys()
    odd = [
        Fault(f"片方にだけある地区: {'、'.join(sorted(units ^ column.values.keys()))}", column=column.title)
        for column in columns
        if column.values.keys() != units
    ]
    if odd:
        raise KeyMismatch(f"指標によって地区が違います(「{columns[0].title}」と比べて)。", faults=odd)
    return tuple(units)


def explain(method: str) -> str:
    """Return a Japanese sentence that says how a method puts a value on the scale 0–1."""
    return _METHOD_SENTENCES[method]


def explain_missing(rule: str) -> str:
    """Return a Japanese sentence that says what an unknown value does under a rule."""
    return _MISSING_SENTENCES[rule]


def place_text(rank: tuple[int, int]) -> str:
    """Write places (best, worst) in words: 3位 only where it is sure, else 3～7位."""
    best, worst = rank
    return f"{best}位" if best == worst else f"{best}～{worst}位"


def _percentile(x: Floats, own: Floats) -> Floats:
    ordered = np.sort(own)
    below = np.searchsorted(ordered, x, side="left") - (own < x)
    up_to = np.searchsorted(ordered, x, side="right") - (own <= x)
    found: Floats = ((below + up_to) / 2 + 0.5) / own.size
    return found


def _minmax(x: Floats, own: Floats) -> Floats:
    least, most = own.min(), own.max()
    if least == most:
        return _without_spread(x, own)
    found: Floats = (np.clip(x, least, most) - least) / (most - least)
    return found


def _z(x: Floats, own: Floats) -> Floats:
    least, most = own.min(), own.max()
    if least == most:
        return _without_spread(x, own)
    # From 0 to 1 first: the square of a tiny spread would be 0. Beyond 9 spreads all is cut at ±3 anyway
    spread = most - least
    unit = (np.sort(own) - least) / spread
    moved = (np.clip(x, least - 9 * spread, most + 9 * spread) - least) / spread
    found: Floats = (np.clip((moved - unit.mean()) / unit.std(), -3, 3) + 3) / 6
    return found


def _without_spread(x: Floats, own: Floats) -> Floats:
    """Where all are equal any step away is the widest there is."""
    found: Floats = (np.sign(x - own) + 1) / 2
    return found


_SCALES = {"percentile": _percentile, "minmax": _minmax, "z": _z}


def _usable(value: object) -> bool:
    plain = value.item() if isinstance(value, np.number) else value
    if isinstance(plain, bool) or not isinstance(plain, int | float):
        return isinstance(plain, Unknown)
    return -_WIDEST < plain < _WIDEST


def _require_fit(columns: Sequence[Column], choice: PriorityChoice) -> None:
    asked = [(item.indicator, item.year) for item in choice.items]
    came = [(column.indicator_id, column.year) for column in columns]
    fits = len(asked) == len(came) and all(
        wanted[0] == found[0] and wanted[1] in {None, found[1]}
        for wanted, found in zip(asked, came, strict=True)
    )
    if not fits or len(set(came)) < len(came):
        names = "、".join(column.title for column in columns)
        raise InputRefused(
            "選んだ指標と値が合いません。", todo=f"同じ指標の同じ年は1度だけ選べます(値のある指標: {names})"
        )


def _lacking(units: Sequence[str], columns: Sequence[Column], choice: PriorityChoice) -> tuple[Lacking, ...]:
    counted = [column for column, item in zip(columns, choice.items, strict=True) if item.weight]
    found = (
        Lacking(code, tuple(one for one in counted if isinstance(one.values[code], Unknown)))
        for code in units
    )
    return tuple(one for one in found if one.columns)
