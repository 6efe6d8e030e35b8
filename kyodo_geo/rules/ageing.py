"""The settings of ageing: weak rates, limits of projections, survival, and a moving family; each dated and grounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from kyodo_geo.rules.fields import Fields
from kyodo_geo.rules.settings_file import (
    Setting,
    SettingsFile,
    Values,
    amount_of,
    read_settings,
    shipped_text,
)
from kyodo_geo.rules.values import RuleValue
from kyodo_geo.timeline import Timeline

SEXES = ("male", "female")
# The bands of the life table and of a family, by their first age
STATIONARY_AGES = tuple(range(0, 101, 5))
_ONCE = ("weak_below", "min_cohort", "projection_years", "projection_last_year", "trend_years")
_WHOLE_FIVES = ("projection_years", "projection_last_year", "trend_years")
_STATIONARY = tuple(f"stationary_{sex}_{age}" for sex in SEXES for age in STATIONARY_AGES)
_FAMILY = tuple(f"family_{sex}_{age}" for sex in SEXES for age in STATIONARY_AGES)


@dataclass(frozen=True)
class ProjectionLimits:
    """What a projection holds to: people a cohort needs for a ratio of its own, years ahead at most, and the last year."""

    min_cohort: float
    longest_years: int
    last_year: int


@dataclass(frozen=True)
class Ageing:
    """The settings in force on a day, by name; the properties give them as the numbers calculations use."""

    day: date
    settings: Mapping[str, Setting]

    def number(self, name: str) -> float:
        """Return a setting's value in its own unit; KeyError for a name there is not."""
        return self.settings[name].value

    @property
    def weak_below(self) -> float:
        """People below which a rate is weak: hatched, and ranked as a range."""
        return self.number("weak_below")

    @property
    def trend_years(self) -> int:
        """Years after the last count that a trend of totals may go."""
        return int(self.number("trend_years"))

    @property
    def projection(self) -> ProjectionLimits:
        """What projections by age hold to."""
        return ProjectionLimits(
            self.number("min_cohort"),
            int(self.number("projection_years")),
            int(self.number("projection_last_year")),
        )

    @property
    def stationary(self) -> Mapping[str, tuple[float, ...]]:
        """People of the life table in each 5-year band (0～4 … 95～99, 100 and over) by sex, of 100,000 born."""
        return {
            sex: tuple(self.number(f"stationary_{sex}_{age}") for age in STATIONARY_AGES) for sex in SEXES
        }

    @property
    def family(self) -> Mapping[str, Mapping[int, float]]:
        """People of one family that moves in, by sex and first age of their 5-year band; an assumption, no finding."""
        return {
            sex: {
                age: self.number(f"family_{sex}_{age}")
                for age in STATIONARY_AGES
                if f"family_{sex}_{age}" in self.settings
            }
            for sex in SEXES
        }


@dataclass(frozen=True)
class AgeingSettings:
    """All settings with their dates."""

    file: SettingsFile

    def at(self, day: date) -> Ageing:
        """Return the settings in force on a day; NotInForce before the first day of any of them."""
        return Ageing(day, self.file.on(day))


def ageing_settings() -> AgeingSettings:
    """Return the settings shipped beside this module; RuleFileError with every fault of the file."""
    return parse_ageing(shipped_text("ageing.toml"), name="ageing.toml")


def parse_ageing(text: str, *, name: str) -> AgeingSettings:
    """Read a settings file; RuleFileError gathers every fault.

    Refused are a missing or unknown name, a value that is left open or 0, years that are no multiple of 5, a life table
    in which a band after the first holds more people than the one before (the open end apart), and a family of nobody.
    """
    checks = (_check_names, _check_fives)
    return AgeingSettings(read_settings(text, name=name, single=checks, together=_check_survival))


def _check_names(values: Values, fields: Fields) -> None:
    for name in (*_ONCE, *_STATIONARY):
        if name not in values:
            fields.fault(f"値「{name}」がありません", "value")
    if not set(_FAMILY) & set(values):
        fields.fault("仮定の1世帯(family_…)に1人もいません", "value")
    for name in sorted(set(values) - {*_ONCE, *_STATIONARY, *_FAMILY}):
        fields.fault(f"知らない値「{name}」です", "value")


def _check_fives(values: Values, fields: Fields) -> None:
    for name in set(_WHOLE_FIVES) & set(values):
        for amount in filter(None, map(amount_of, values[name])):
            if amount % 5:
                what = f"5 の倍数にしてください(推計は5年ごと)。「{amount:g}」は使えません"
                fields.fault(what, f"value({name})")


def _check_survival(values: Values, fields: Fields) -> None:
    """Nobody rises from the dead: each closed band of the life table holds no more people than the one before."""
    for day in sorted({entry.since for name in _STATIONARY for entry in values[name]}):
        for sex in SEXES:
            known = [f"stationary_{sex}_{age}" for age in STATIONARY_AGES[:-1]]
            people = [_amount_on(values[name], day) for name in known]
            for name, (younger, older) in zip(known[1:], pairwise(people), strict=True):
                if younger is not None and older is not None and older > younger:
                    fields.fault(f"ひとつ若い区分より多い人数です({day} 現在)", f"value({name})")


def _amount_on(timeline: Timeline[RuleValue], day: date) -> float | None:
    entries = [entry for entry in timeline if entry.since <= day]
    return amount_of(entries[-1]) if entries else None
