"""The settings of getting about: walking and car speeds, detour, winter, distances to offer; each dated and grounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kyodo_geo.errors import NotInForce
from kyodo_geo.rules.fields import Fields
from kyodo_geo.rules.settings_file import (
    Setting,
    SettingsFile,
    Values,
    amount_of,
    read_settings,
    shipped_text,
)

# The road classes speeds are set for; readers of road files speak in these. Those without a centre line fall
# under the lower legal speed; which roads have one no file says, so it is judged by class.
NARROW_CLASSES = frozenset({"minor", "living_street", "service", "narrow"})
CAR_CLASSES = (
    "motorway", "trunk", "primary", "secondary", "tertiary", "minor", "living_street", "service", "narrow", "link",
    "unknown",
)  # fmt: skip
_MONTHS = ("winter_first_month", "winter_last_month")
_ONCE = (
    "walk_m_per_min", "detour_factor", "legal_general_kmh", "legal_narrow_kmh", "legal_motorway_kmh", "winter_factor",
    *_MONTHS, "attach_m", "reach_default_m", "stop_reach_m",
)  # fmt: skip
_CHOICES = tuple(f"reach_{number}_m" for number in range(1, 10))
_CAR = tuple(f"car_{name}_kmh" for name in CAR_CLASSES)


@dataclass(frozen=True)
class Travel:
    """The settings in force on a day, by name; the properties give them as the numbers calculations use."""

    day: date
    settings: Mapping[str, Setting]

    def number(self, name: str) -> float:
        """Return a setting's value in its own unit; KeyError for a name there is not."""
        return self.settings[name].value

    @property
    def walk_kmh(self) -> float:
        """Walking speed in km/h."""
        return self.number("walk_m_per_min") * 60 / 1000

    @property
    def detour_factor(self) -> float:
        """What a straight distance is multiplied by to stand for a way by road."""
        return self.number("detour_factor")

    @property
    def winter_factor(self) -> float:
        """What a car's speed is multiplied by in winter."""
        return self.number("winter_factor")

    @property
    def winter_months(self) -> tuple[int, ...]:
        """The months of winter in their order, over the turn of the year where it lies within."""
        first, last = (int(self.number(name)) for name in _MONTHS)
        return tuple((first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1))

    @property
    def is_winter(self) -> bool:
        """Whether the day lies in winter."""
        return self.day.month in self.winter_months

    @property
    def car_kmh(self) -> Mapping[str, float]:
        """Car speed in km/h by road class (`CAR_CLASSES`), outside winter."""
        return {name: self.number(f"car_{name}_kmh") for name in CAR_CLASSES}

    @property
    def attach_m(self) -> float:
        """Straight metres within which a place counts as lying on a road."""
        return self.number("attach_m")

    @property
    def reach_default_m(self) -> float:
        """Metres a distance begins with."""
        return self.number("reach_default_m")

    @property
    def stop_reach_m(self) -> float:
        """Metres to a stop within which somebody is not in a transit gap."""
        return self.number("stop_reach_m")

    @property
    def reach_choices_m(self) -> tuple[float, ...]:
        """Metres to choose from, ascending."""
        return tuple(sorted(self.number(name) for name in _CHOICES if name in self.settings))


@dataclass(frozen=True)
class TravelSettings:
    """All settings with their dates."""

    file: SettingsFile

    def at(self, day: date) -> Travel:
        """Return the settings in force on a day; NotInForce before the first day of any of them."""
        return Travel(day, self.file.on(day))


def travel_settings() -> TravelSettings:
    """Return the settings shipped beside this module; RuleFileError with every fault of the file."""
    return parse_travel(shipped_text("travel.toml"), name="travel.toml")


def parse_travel(text: str, *, name: str) -> TravelSettings:
    """Read a settings file; RuleFileError gathers every fault.

    Refused are a missing or unknown name, a value that is left open or 0, a factor out of its range, a month that is
    none, and a car faster than the legal speed of its class on any day.
    """
    checks = (_check_names, _check_ranges)
    return TravelSettings(read_settings(text, name=name, single=checks, together=_check_legal))


def _check_names(values: Values, fields: Fields) -> None:
    for name in (*_ONCE, *_CAR, _CHOICES[0]):
        if name not in values:
            fields.fault(f"値「{name}」がありません", "value")
    for name in sorted(set(values) - {*_ONCE, *_CAR, *_CHOICES}):
        fields.fault(f"知らない値「{name}」です", "value")


def _check_ranges(values: Values, fields: Fields) -> None:
    for name, timeline in values.items():
        for amount in filter(None, map(amount_of, timeline)):
            wrong = _out_of_range(name, amount)
            if wrong:
                fields.fault(f"{wrong}。「{amount:g}」は使えません", f"value({name})")


def _out_of_range(name: str, amount: float) -> str:
    if name in _MONTHS and not (amount.is_integer() and amount <= 12):
        return "月は 1 から 12 までの整数です"
    if name == "detour_factor" and amount < 1:
        return "道のりは直線より短くなりません(1 以上)"
    return "冬の割合は 1 以下です" if name == "winter_factor" and amount > 1 else ""


def _check_legal(values: Values, fields: Fields) -> None:
    """Hold every car speed against the legal one on each day something changes."""
    said: set[str] = set()
    settings = TravelSettings(SettingsFile("", "", values))
    for day in sorted({entry.since for timeline in values.values() for entry in timeline}):
        try:
            travel = settings.at(day)
        except NotInForce:  # some settings begin later: until then nobody can use them
            continue
        for name, speed in travel.car_kmh.items():
            legal = travel.number(f"legal_{_legal_kind(name)}_kmh")
            if speed > legal and name not in said:
                said.add(name)
                fields.fault(
                    f"車の速さ {speed:g} km/h が法定速度 {legal:g} km/h({day} 現在)を超えています",
                    f"value(car_{name}_kmh)",
                )


def _legal_kind(road_class: str) -> str:
    if road_class == "motorway":
        return "motorway"
    return "narrow" if road_class in NARROW_CLASSES else "general"
