"""Districts that are like the chosen ones: which variables count, and the nearest three with the values of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.figures import Figures
from kyodo_geo.model.indicators import REGISTRY
from kyodo_geo.model.priority.score import Column
from kyodo_geo.model.similar import SimilarUnits, find_similar
from kyodo_geo.present.indicator_report import value_text
from kyodo_geo.present.tables import number_text
from kyodo_geo.profile.rows import known_of_districts
from kyodo_geo.provenance import Basis, Source, Unknown, mark_of, unite, weakest

NEAREST = 3
# What likeness is measured by, as far as it is known: change, size of households, closeness, age, empty dwellings
_USUAL = ("population_change", "household_change", "density", "household_size", "ageing_rate", "vacancy_rate")


@dataclass(frozen=True, eq=False)
class LikeStudy:
    """The nearest districts of all districts: `figures` are those compared, `unused` the chosen ones nobody knows."""

    found: SimilarUnits
    figures: tuple[Figures, ...]
    unused: tuple[str, ...]

    @property
    def basis(self) -> Basis:
        """The weakest basis of what is compared."""
        return weakest([Basis.DERIVED, *(one.basis for one in self.figures)])

    @property
    def mark(self) -> str:
        """The word that must stand beside the table."""
        return mark_of(self.basis)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of what is compared."""
        return unite(*(one.sources for one in self.figures))

    @property
    def sentences(self) -> tuple[str, ...]:
        """What must be said beside the table: how likeness is measured, and what was left out."""
        unused = f"地区の値が分からないため使わなかった変数: {'、'.join(self.unused)}" if self.unused else ""
        return tuple(filter(None, (*self.found.sentences, unused)))


def usual_variables(newest: Mapping[str, Figures]) -> tuple[str, ...]:
    """Return the ids of the usual variables of which some district is known."""
    return tuple(name for name in _USUAL if name in newest and known_of_districts(newest[name]))


def variables_of(newest: Mapping[str, Figures]) -> dict[str, str]:
    """Return the title of every indicator that is a number, by id, known or not: what likeness can be measured by."""
    return {
        item.id: newest[item.id].title if item.id in newest else item.label
        for item in REGISTRY
        if item.kind != "category"
    }


def like_study(newest: Mapping[str, Figures], variables: Sequence[str]) -> LikeStudy:
    """Return the nearest three of each district by some variables, the usual ones where none is named.

    A variable known of no district is left out and named. InputRefused where no variable with a spread remains.
    """
    chosen = [(name, newest.get(name)) for name in variables or usual_variables(newest)]
    used = [one for _, one in chosen if one is not None and known_of_districts(one)]
    titles = variables_of(newest)
    unused = [titles.get(name, name) for name, one in chosen if one is None or not known_of_districts(one)]
    if not used:
        raise InputRefused(
            "似た地区を探せません。選んだ変数は、どの地区の値も分かりません。",
            todo="年齢や空き家の表を開くか、ほかの変数を選んでください",
        )
    return LikeStudy(find_similar([_column(one) for one in used], count=NEAREST), tuple(used), tuple(unused))


def _column(one: Figures) -> Column:
    item = one.indicator
    values = {
        code: Unknown("数ではない") if isinstance(value, str) else value
        for code, value in one.districts.items()
    }
    return Column(item.id, one.title, item.unit, values, year=None if item.span == "change" else one.year)


def like_heads(study: LikeStudy) -> tuple[str, ...]:
    """Return the heads of the table: the district, its likes in order, the distance, then each variable."""
    return ("地区", "似た地区", "距離", *(column.title for column in study.found.variables))


def like_rows(study: LikeStudy, codes: Sequence[str], names: Mapping[str, str]) -> list[list[str]]:
    """Return the nearest of each chosen district, one a row: each variable of the district and, after a slash, of its like."""
    items = {one.indicator.id: one.indicator for one in study.figures}
    rows = []
    for code in codes:
        for at, near in enumerate(study.found.nearest.get(code, ()), start=1):
            values = [
                f"{value_text(items[pair.variable.indicator_id], pair.own, unit=False)} / "
                f"{value_text(items[pair.variable.indicator_id], pair.other)}"
                for pair in near.pairs
            ]
            rows.append(
                [names[code], f"{at} {names[near.code]}", number_text(near.distance, decimals=2), *values]
            )
    return rows


def like_lines(study: LikeStudy, codes: Sequence[str], names: Mapping[str, str]) -> list[list[object]]:
    """Return the same for a spreadsheet, with a head: numbers stay numbers, each variable takes two columns."""
    digits = {one.indicator.id: one.indicator.decimals + 2 for one in study.figures}
    titles = [
        f"{column.title}{whose}" for column in study.found.variables for whose in ("(地区)", "(似た地区)")
    ]
    lines: list[list[object]] = [["地区", "似た地区", "近い順", "距離", *titles, "印"]]
    for code in codes:
        for at, near in enumerate(study.found.nearest.get(code, ()), start=1):
            values = [
                round(value, digits[pair.variable.indicator_id])
                for pair in near.pairs
                for value in (pair.own, pair.other)
            ]
            lines.append([names[code], names[near.code], at, round(near.distance, 4), *values, study.mark])
    return lines


def left_out(study: LikeStudy, codes: Sequence[str], names: Mapping[str, str]) -> list[str]:
    """Return a sentence for each chosen district that is compared with none, and why."""
    lacking = {one.code: one.columns for one in study.found.lacking}
    return [
        f"{names[code]}は、{'、'.join(column.title for column in lacking[code])} が分からないため比べていません。"
        for code in codes
        if code in lacking
    ]
