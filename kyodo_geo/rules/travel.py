"""The settings of getting about: walking and car speeds, detour, winter, distances to offer; each dated and grounded."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources

from kyodo_geo.errors import Fault, NotInForce, RuleFileError
from kyodo_geo.provenance import Basis, Unknown
from kyodo_geo.rules.fields import Fields, decimal_as_written
from kyodo_geo.rules.values import RuleValue, read_values
from kyodo_geo.timeline import Dated, Timeline

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
class Setting:
    """One setting on a day, ready to be shown with its ground: name, label, value, unit, since, reference, basis."""

    name: str
    label: str
    value: float
    unit: str
    since: date
    reference: str
    basis: Basis


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
    """All settings with their dates, by name; `text` is the file itself."""

    title: str
    summary: str
    values: Mapping[str, Timeline[RuleValue]]
    text: str = ""

    def at(self, day: date) -> Travel:
        """Return the settings in force on a day; NotInForce before the first day of any of them."""
        return Travel(day, {name: _setting(name, timeline.at(day)) for name, timeline in self.values.items()})


def travel_settings() -> TravelSettings:
    """Return the settings shipped beside this module; RuleFileError with every fault of the file."""
    shipped = resources.files(__package__ or "") / "settings" / "travel.toml"
    return parse_travel(shipped.read_bytes().decode("utf-8"), name="travel.toml")


def parse_travel(text: str, *, name: str) -> TravelSettings:
    """Read a settings file; RuleFileError gathers every fault.

    Refused are a missing or unknown name, a value that is left open or 0, a factor out of its range, a month that is
    none, and a car faster than the legal speed of its class on any day.
    """
    try:
        raw = tomllib.loads(text.removeprefix("\ufeff"), parse_float=decimal_as_written)
    except (ValueError, RecursionError) as error:
        raise RuleFileError(
            f"設定ファイル {name} を TOML として読めません。", faults=[Fault(str(error), file=name)]
        ) from error
    faults: list[Fault] = []
    fields = Fields(raw, file=name, place="", faults=faults)
    fields.allow({"title", "summary", "value"}, {"title", "value"})
    settings = TravelSettings(
        fields.text("title"), fields.text("summary"), read_values(fields, fields.text("title")), text
    )
    _check_names(settings, fields)
    for value_name, timeline in settings.values.items():
        for entry in timeline:
            _check_value(value_name, entry, fields)
    if not faults:
        _check_legal(settings, fields)
    if faults:
        raise RuleFileError(
            f"設定ファイル {name} に {len(faults)} 件の誤りがあります。",
            faults=faults,
            todo="上の場所を直してください",
        )
    return settings


def _check_names(settings: TravelSettings, fields: Fields) -> None:
    for name in (*_ONCE, *_CAR, _CHOICES[0]):
        if name not in settings.values:
            fields.fault(f"値「{name}」がありません", "value")
    for name in sorted(set(settings.values) - {*_ONCE, *_CAR, *_CHOICES}):
        fields.fault(f"知らない値「{name}」です", "value")


def _check_value(name: str, entry: Dated[RuleValue], fields: Fields) -> None:
    place, value = f"value({name})", entry.value
    amount = None if isinstance(value, Unknown) else value.amount
    if not entry.reference:
        fields.fault("根拠(reference)が空です", place)
    if amount is None or amount <= 0:
        fields.fault("0 より大きい数(amount)が必要です", place)
    elif name in _MONTHS and not (amount.denominator == 1 and amount <= 12):
        fields.fault(f"月は 1 から 12 までの整数です。「{float(amount):g}」は使えません", place)
    elif name == "detour_factor" and amount < 1:
        fields.fault(f"道のりは直線より短くなりません(1 以上)。「{float(amount):g}」は使えません", place)
    elif name == "winter_factor" and amount > 1:
        fields.fault(f"冬の割合は 1 以下です。「{float(amount):g}」は使えません", place)


def _check_legal(settings: TravelSettings, fields: Fields) -> None:
    """Hold every car speed against the legal one on each day something changes."""
    said: set[str] = set()
    for day in sorted({entry.since for timeline in settings.values.values() for entry in timeline}):
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


def _setting(name: str, entry: Dated[RuleValue]) -> Setting:
    value = entry.value
    if isinstance(value, Unknown) or value.amount is None:  # `parse_travel` refuses such a file
        raise RuleFileError(f"移動の設定「{name}」に値がありません。", todo="値(amount)を書いてください")
    return Setting(
        name, value.label, float(value.amount), value.unit, entry.since, entry.reference, value.basis
    )
