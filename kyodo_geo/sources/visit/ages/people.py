"""The people of one row by age: the numbers of its cells, whether they agree with each other, and what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kyodo_geo.errors import Fault
from kyodo_geo.model.ageing.values import AgeTable, Floats
from kyodo_geo.sources.visit.ages.bands import Sex
from kyodo_geo.sources.visit.ages.plan import AgePlan, parts_of
from kyodo_geo.sources.visit.sheets.cells import Mark, read_whole

Values = Mapping[str, int | Mark]


@dataclass(frozen=True)
class AgeRow:
    """People of one place: `by_sex` in the bands of the plan, 総数 always; `unknown`, those of no known age.

    `aged` False: no age of anybody here is known, so every band is 0 and all stand in `unknown`.
    """

    by_sex: Mapping[Sex, tuple[int, ...]]
    unknown: int
    aged: bool = True

    @property
    def people(self) -> int:
        """Everybody of the place, those of no known age included."""
        return sum(self.by_sex[Sex.BOTH]) + self.unknown


@dataclass(frozen=True)
class Reading:
    """What came of a row: `row` None when nobody could be counted.

    `wrong` are cells that are no numbers and sums that are impossible, `mismatches` printed sums that differ from the
    sum, `missing` says that ages are kept back or not given.
    """

    row: AgeRow | None
    wrong: tuple[Fault, ...] = ()
    mismatches: tuple[Fault, ...] = ()
    missing: tuple[Fault, ...] = ()


def read_people(cells: Mapping[str, str], plan: AgePlan, *, file: str, line: int) -> Reading:
    """Return the people of a row by the plan's columns; a column the row does not have is blank.

    Where cells are X, … or blank and the printed total equals the rest, they can only be 0 and are read so; else no
    age of the row is used: its printed total, if any, becomes people of no known age (they are there, and are no 0).
    People of no known age: the 不詳 column, else the total less the bands. A total below its bands is wrong.
    """
    values, wrong = _numbers(cells, plan, file, line)
    if wrong:
        return Reading(None, wrong=wrong)
    settled = _settled(values, plan)
    total = _whole(settled, plan.totals)
    if any(isinstance(settled[column], Mark) for tiled in plan.columns.values() for column in tiled):
        return _without_ages(settled, plan, total, Fault("", file, line))
    by_sex = {sex: tuple(_int(settled[column]) for column in tiled) for sex, tiled in plan.columns.items()}
    if Sex.BOTH not in by_sex:
        by_sex[Sex.BOTH] = tuple(m + f for m, f in zip(by_sex[Sex.MALE], by_sex[Sex.FEMALE], strict=True))
    aged = sum(by_sex[Sex.BOTH])
    unknown = _whole(settled, plan.unknown)
    if unknown is None:
        unknown = 0 if total is None else total - aged
    at = Fault("", file, line)
    if unknown < 0:
        what = f"年齢別の合計 {aged:,} 人が総数 {aged + unknown:,} 人より {-unknown:,} 人多くなっています"
        too_many = _at(at, what, plan.totals.get(Sex.BOTH, ""))
        return Reading(None, wrong=(too_many, *_mismatches(settled, plan, AgeRow(by_sex, 0), None, at)))
    row = AgeRow(by_sex, unknown)
    return Reading(row, mismatches=tuple(_mismatches(settled, plan, row, total, at)))


def _numbers(
    cells: Mapping[str, str], plan: AgePlan, file: str, line: int
) -> tuple[dict[str, int | Mark], tuple[Fault, ...]]:
    values: dict[str, int | Mark] = {}
    wrong: list[Fault] = []
    for column in plan.read:
        text = cells.get(column, "")
        try:
            # Nearly every cell is plain digits, and a prefecture's table has very many
            values[column] = (
                int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else read_whole(text)
            )
        except ValueError as error:
            wrong.append(Fault(str(error), file, line, column))
    for column, (whole, part) in plan.differences.items():
        if whole in values and part in values:
            values[column] = _less(values[whole], values[part])
            if values[column] == -1:
                what = f"「{whole}」の {_int(values[whole]):,} 人より、その一部の {_int(values[part]):,} 人が多くなっています"
                wrong.append(Fault(what, file, line, part))
    return values, tuple(wrong)


def _less(whole: int | Mark, part: int | Mark) -> int | Mark:
    """Return the difference, -1 for any below zero, or why there is none; nobody has no part."""
    if whole == 0 and isinstance(part, Mark):
        return 0
    if isinstance(whole, Mark) or isinstance(part, Mark):
        return whole if isinstance(whole, Mark) else part
    return max(whole - part, -1)


def _settled(values: Values, plan: AgePlan) -> dict[str, int | Mark]:
    """Put 0 where a cell without number can be nothing else: the others already make up the printed total."""
    settled = dict(values)
    for sex, tiled in plan.columns.items():
        parts = [*tiled, *([plan.unknown[sex]] if sex in plan.unknown else [])]
        total = values.get(plan.totals.get(sex, ""), Mark.MISSING)
        if total == sum(_int(values[column]) for column in parts):
            settled |= {column: 0 for column in parts if isinstance(values[column], Mark)}
    return settled


def _whole(values: Values, columns: Mapping[Sex, str]) -> int | None:
    """Return the number for both sexes: of its own column, else of the two added; None when there is none."""
    found = {sex: value for sex, column in columns.items() if not isinstance(value := values[column], Mark)}
    if Sex.BOTH in found:
        return found[Sex.BOTH]
    return found[Sex.MALE] + found[Sex.FEMALE] if Sex.MALE in found and Sex.FEMALE in found else None


def _int(value: int | Mark) -> int:
    return 0 if isinstance(value, Mark) else value


def _without_ages(values: Values, plan: AgePlan, total: int | None, at: Fault) -> Reading:
    marks = [value for column in plan.read if isinstance(value := values[column], Mark)]
    why = Mark.SUPPRESSED if Mark.SUPPRESSED in marks else Mark.MISSING
    if total is None:
        return Reading(None, missing=(_at(at, f"年齢も総数も{why.value}のため、使えません"),))
    zeros = {sex: (0,) * len(plan.bands) for sex in {*plan.columns, Sex.BOTH}}
    what = f"年齢の値が{why.value}のため、{total:,} 人を年齢の分からない人として数えます"
    return Reading(AgeRow(zeros, total, aged=False), missing=(_at(at, what),))


def _mismatches(values: Values, plan: AgePlan, row: AgeRow, total: int | None, at: Fault) -> Iterable[Fault]:
    printed = [(sex, values[column], column) for sex, column in plan.totals.items()]
    both = row.by_sex[Sex.BOTH]
    if total is not None and total != row.people:
        yield _at(
            at,
            f"総数 {total:,} 人と、年齢別の合計 {row.people:,} 人が違います",
            plan.totals.get(Sex.BOTH, ""),
        )
    sexes = [value for sex, value, _ in printed if sex is not Sex.BOTH and not isinstance(value, Mark)]
    if len(sexes) == 2 and total is not None and sum(sexes) != total:
        what = f"男と女の合計 {sum(sexes):,} 人が総数 {total:,} 人と違います"
        yield _at(at, what, plan.totals.get(Sex.BOTH, ""))
    if len(plan.columns) == 3:
        sums = zip(both, row.by_sex[Sex.MALE], row.by_sex[Sex.FEMALE], plan.columns[Sex.BOTH], strict=True)
        for people, male, female, column in sums:
            if people != male + female:
                yield _at(at, f"男 {male:,} 人と女 {female:,} 人の合計が {people:,} 人ではありません", column)
    for sex, band, column in plan.again:
        value = values[column]
        summed = sum(row.by_sex[sex][parts_of(band, plan.bands) or slice(0)])
        if not isinstance(value, Mark) and value != summed:
            yield _at(at, f"{band.label}の {value:,} 人が、区分の合計 {summed:,} 人と違います", column)


def _at(place: Fault, what: str, column: str = "") -> Fault:
    return Fault(what, place.file, place.row, column)


def sexes_agree(rows: Sequence[AgeRow], plan: AgePlan) -> bool:
    """Tell whether men and women add up to both in every band of every row; also where the sexes are not told apart."""
    return len(plan.columns) < 3 or all(
        both == male + female
        for row in rows
        for both, male, female in zip(*(row.by_sex[sex] for sex in Sex), strict=True)
    )


def age_table(units: Sequence[str], rows: Sequence[AgeRow], plan: AgePlan) -> AgeTable:
    """Return the table of rows whose places are known; the sexes apart only where they agree with both in every row."""

    def people(sex: Sex) -> Floats:
        return np.array([row.by_sex[sex] for row in rows], dtype=np.float64).reshape(
            len(rows), len(plan.bands)
        )

    apart = Sex.MALE in plan.columns and sexes_agree(rows, plan)
    return AgeTable(
        units=tuple(units),
        bands=plan.bands,
        both=people(Sex.BOTH),
        unknown_age=np.array([row.unknown for row in rows], dtype=np.float64),
        male=people(Sex.MALE) if apart else None,
        female=people(Sex.FEMALE) if apart else None,
    )
