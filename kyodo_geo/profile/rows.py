"""The rows of the comparison: each indicator in its newest known year, each district with its area and its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kyodo_geo.city import City
from kyodo_geo.model.figures import Figures
from kyodo_geo.model.indicators import REGISTRY, Indicator, Value
from kyodo_geo.model.indicators.values import THEMES
from kyodo_geo.present.indicator_report import place_text, value_text
from kyodo_geo.present.tables import number_text
from kyodo_geo.provenance import Source, Unknown, mark_of

# Where a table of what nobody published for districts may be had, by the span of the indicator
_WHERE = {
    "ages": "年齢の表を開く: e-Stat 国勢調査 小地域集計(T001082、T000849 など)か、行政区・町丁字・地区ごとの住民基本台帳の年齢別人口",
    "homes": "世帯の表を開く: e-Stat 国勢調査 小地域集計(T001084、T000851)",
    "vacancy": "空き家の一覧を開く: 空き家の実態調査など(1軒1行の一覧か、場所ごとの戸数の表)",
}
_NOT_PUBLISHED = Unknown("公表資料なし")


@dataclass(frozen=True)
class Cell:
    """One district in one row: its value, mark and place as texts, its area's value, and a bar.

    `place` is empty where there is none; `area` names the area and `area_text` is its value; `bar` is the value over the largest
    absolute value among all districts, from −1 to 1, None where it is no number.
    """

    text: str
    mark: str
    unknown: bool
    weak: bool
    place: str
    area: str
    area_text: str
    area_mark: str
    bar: float | None


@dataclass(frozen=True, eq=False)
class Row:
    """One indicator: its figures, what stands in its head, a cell for each chosen district, and the city."""

    figures: Figures
    title: str
    day: str
    cells: tuple[Cell, ...]
    city: str
    city_mark: str

    @property
    def theme(self) -> str:
        """The theme it stands under."""
        return self.figures.indicator.theme


@dataclass(frozen=True)
class Lacking:
    """An indicator that is known of no district: its label, what is known of the city, and where a table may be had."""

    item: Indicator
    district: str
    city: str
    where: str
    sources: tuple[Source, ...]


def newest_known(figures: Sequence[Figures]) -> dict[str, Figures]:
    """Return by id the figures of the newest year known of some district; where there is none, of the city; else the newest."""
    found: dict[str, Figures] = {}
    for one in figures:
        was = found.get(one.indicator.id)
        if was is None or (_knowledge(one), one.year) >= (_knowledge(was), was.year):
            found[one.indicator.id] = one
    return found


def _knowledge(one: Figures) -> int:
    if any(not isinstance(value, Unknown) for value in one.districts.values()):
        return 2
    return 0 if isinstance(one.city, Unknown) else 1


def known_of_districts(one: Figures) -> bool:
    """Say whether at least one district is known."""
    return _knowledge(one) == 2


def rows_of(newest: Mapping[str, Figures], codes: Sequence[str], areas: Mapping[str, str]) -> tuple[Row, ...]:
    """Return a row for each indicator known of some district, by theme and then in the order of the registry."""
    known = [one for one in newest.values() if known_of_districts(one)]
    order = [item.id for item in REGISTRY]
    known.sort(key=lambda one: (THEMES.index(one.indicator.theme), order.index(one.indicator.id)))
    return tuple(_row(one, codes, areas) for one in known)


def _row(one: Figures, codes: Sequence[str], areas: Mapping[str, str]) -> Row:
    numbers = [abs(value) for value in one.districts.values() if isinstance(value, int | float)]
    most = max(numbers, default=0.0)
    title = (
        one.title if one.indicator.span in {"change", "status", "latest"} else f"{one.title}({one.year}年)"
    )
    return Row(
        one,
        title,
        one.reference_date,
        tuple(_cell(one, code, areas[code], most) for code in codes),
        value_text(one.indicator, one.city),
        "" if isinstance(one.city, Unknown) else one.whole_mark,
    )


def _cell(one: Figures, code: str, area: str, most: float) -> Cell:
    value, whole = one.districts[code], one.areas[area]
    unknown = isinstance(value, Unknown)
    return Cell(
        text=value_text(one.indicator, value),
        mark="" if unknown else one.mark,
        unknown=unknown,
        weak=code in one.weak,
        place=place_of(one, code),
        area=f"旧市町村 {area}",
        area_text=value_text(one.indicator, whole),
        area_mark="" if isinstance(whole, Unknown) else one.whole_mark,
        bar=float(value) / most if isinstance(value, int | float) and most else None,
    )


def place_of(one: Figures, code: str) -> str:
    """Write the place of a district among those of known number, largest first, with how many share it; empty where there is none."""
    place = place_text(one, code)
    if not place:
        return ""
    known = [value for value in one.districts.values() if isinstance(value, int | float)]
    same = sum(value == one.districts[code] for value in known) if one.rank_ranges is None else 1
    return f"{place}位({len(known)}地区中{f'、同じ値 {same}地区' if same > 1 else ''})"


def lacking_of(newest: Mapping[str, Figures], city: City) -> tuple[Lacking, ...]:
    """Return the registered indicators known of no district, with what is published of the city and where to look."""
    missing = [item for item in REGISTRY if item.id not in newest or not known_of_districts(newest[item.id])]
    return tuple(_lacking(item, newest.get(item.id), city) for item in missing)


def _lacking(item: Indicator, one: Figures | None, city: City) -> Lacking:
    first: Value = next(iter(one.districts.values())) if one else _NOT_PUBLISHED
    published = _published_vacancy(item, city) if one is None else None
    sources: tuple[Source, ...] = ()
    if published is not None:
        text, sources = published, (city.sources["city_vacancy"],)
    elif one is None or isinstance(one.city, Unknown):
        text = str(one.city if one else _NOT_PUBLISHED)
    else:
        mark = mark_of(one.whole_basis)
        text = f"{value_text(item, one.city)}({one.reference_date}{f'、{mark}' if mark else ''})"
        sources = one.sources
    return Lacking(item, str(first), text, _WHERE.get(item.span, "") or _where(item, city), sources)


def _published_vacancy(item: Indicator, city: City) -> str | None:
    """Return the newest published vacant dwellings of the city, by the sampling survey, in the unit of an indicator."""
    if item.span != "vacancy" or not city.vacancy:
        return None
    year = max(city.vacancy)
    vacant, dwellings = city.vacancy[year]["vacant_dwellings"], city.vacancy[year]["dwellings"]
    shown = value_text(item, 100 * vacant / dwellings if item.unit == "%" else vacant)
    return f"{shown}({year}年、住宅 {number_text(dwellings)} 戸中 {number_text(vacant)} 戸。標本調査)"


def _where(item: Indicator, city: City) -> str:
    """Say where the city itself says that it may be had: what its list of unknown things names by the label or the theme."""
    said = [one.where for one in city.facts.unknown if item.label in one.what or item.theme in one.what]
    return "、".join(dict.fromkeys(said)) or "市の担当課に確かめる"
