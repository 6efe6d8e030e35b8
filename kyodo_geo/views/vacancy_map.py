"""The maps of 空き家: households without a list, public values with one, and the points for staff alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from kyodo_geo.city import City
from kyodo_geo.model.figures import Figures
from kyodo_geo.model.indicators import UnitCounts
from kyodo_geo.vacancy.figures import staff_points, vacancy_figures
from kyodo_geo.vacancy.study import ListStudy, StaffVacancy
from kyodo_geo.views.theme_map import ThemeMap
from kyodo_geo.views.vacancy_form import ADDRESS

_HOUSEHOLDS = ("household_change", "households")
_TITLE = "空き家"


def households(city: City, on: date, figures: Sequence[Figures]) -> None:
    """Draw the change of households and their number."""
    ThemeMap("vacancy_households_atlas", ADDRESS).draw(
        city, on, _of_households(figures), (city.evidence.key,), title="世帯の減少"
    )


def _of_households(figures: Sequence[Figures]) -> list[Figures]:
    return [one for name in _HOUSEHOLDS for one in figures if one.indicator.id == name]


def public(
    city: City, on: date, study: ListStudy, figures: Sequence[Figures], units: Mapping[str, UnitCounts]
) -> None:
    """Draw rate and count as they may be published, and the households beside."""
    shown = [*vacancy_figures(study.public, units), *_of_households(figures)]
    known_by = (city.evidence.key, study.public.ground.year, study.public.k)
    ThemeMap("vacancy_atlas", ADDRESS).draw(city, on, shown, known_by, title=_TITLE)


def staff(city: City, on: date, seen: StaffVacancy, units: Mapping[str, UnitCounts]) -> None:
    """Draw the districts as they were counted and a point for each record with a position: for staff alone."""
    ThemeMap("vacancy_staff_atlas", ADDRESS).draw(
        city, on, vacancy_figures(seen, units), (city.evidence.key, seen.ground.year),
        title=f"{_TITLE}(職員の表示)", places=staff_points(seen.records),
    )  # fmt: skip
