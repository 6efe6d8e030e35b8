"""An opened age table as tables for people: districts, areas and city, counts beside rates, and what must be said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kyodo_geo.city import City
from kyodo_geo.figures.levels import Levels
from kyodo_geo.model.figures import Figures
from kyodo_geo.model.indicators import Value
from kyodo_geo.model.indicators.counts import Amount, UnitCounts
from kyodo_geo.present.indicator_report import place_text, value_text
from kyodo_geo.present.tables import Col, number_text
from kyodo_geo.provenance import Unknown, mark_of

WEAK, PEOPLE = "※", "人"
_COUNTS = ("age_under_15", "age_working", "age_over_65", "age_over_75", "age_over_85")
_RATES = ("ageing_rate", "late_ageing_rate", "child_rate", "old_dependency")
_HOMES = "elderly_households"
_NO_ROW = "開いた表に行がない"


@dataclass(frozen=True)
class TextTable:
    """A table of texts: its caption, which carries day, basis and mark, the columns, and the rows in their order."""

    caption: str
    columns: tuple[Col, ...]
    rows: list[list[str]]


def people(value: Amount) -> str:
    """Write a number of people, rounded to whole ones for reading; an unknown one with its reason."""
    return str(value) if isinstance(value, Unknown) else number_text(value)


def rate(part: Amount, whole: Amount, *, unit: str = "%") -> str:
    """Write part ÷ whole × 100; an unknown part or whole as such, and a whole of 0 as not to be calculated."""
    if isinstance(part, Unknown):
        return str(part)
    if isinstance(whole, Unknown):
        return str(whole)
    return number_text(100 * part / whole, decimals=1, unit=unit) if whole else str(Unknown("人がいない"))


def table_figures(figures: Sequence[Figures], year: int) -> list[Figures]:
    """Return the figures of a table year that are known of some district: counts, rates, and households of any year."""
    wanted = [*_COUNTS, *_RATES]
    found = {one.indicator.id: one for one in figures if one.indicator.id in wanted and one.year == year}
    homes = [one for one in figures if one.indicator.id == _HOMES]
    chosen = [found[name] for name in wanted if name in found] + homes[-1:]
    return [one for one in chosen if not _nowhere(one)]


def _nowhere(one: Figures) -> bool:
    return all(isinstance(value, Unknown) for value in one.districts.values())


def missing_bands(figures: Sequence[Figures], year: int) -> list[str]:
    """Say which counts the bands of the table do not give, and why."""
    return [
        f"{one.title}: {next(value for value in one.districts.values())}"
        for one in figures
        if one.indicator.id in _COUNTS and one.year == year and _nowhere(one)
    ]


def district_table(
    city: City, levels: Levels, figures: Sequence[Figures], *, year: int, said: str
) -> TextTable:
    """Return a row for each district: people of known age, counts, rates, and the places its ageing rate can have."""
    shown = table_figures(figures, year)
    ageing = next((one for one in shown if one.indicator.id == "ageing_rate"), None)
    columns = (Col("コード", code=True), Col("地区", heading=True), Col("地域"), *_value_columns(shown, year),
               Col("高齢化率の順位", number=True))  # fmt: skip
    rows = [
        [
            code, str(city.names.loc[code, "district"]), city.area_of(code), people(_known(unit, year)),
            *(_shown(one, code) for one in shown), place_text(ageing, code) if ageing else "",
        ]
        for code, unit in levels.districts.items()
    ]  # fmt: skip
    return TextTable(f"地区ごとの年齢({said}。{WEAK}は人数の少ない所の率で、順位は幅で示す)", columns, rows)


def whole_table(city: City, levels: Levels, figures: Sequence[Figures], *, year: int, said: str) -> TextTable:
    """Return a row for each area and for the city."""
    shown = table_figures(figures, year)
    rows = [
        [
            f"{area}地域",
            people(_known(unit, year)),
            *(value_text(one.indicator, one.areas[area], unit=one.indicator.unit != PEOPLE) for one in shown),
        ]
        for area, unit in levels.areas.items()
    ]
    whole = [value_text(one.indicator, one.city, unit=one.indicator.unit != PEOPLE) for one in shown]
    rows.append([f"{city.facts.name}全体", people(_known(levels.city, year)), *whole])
    return TextTable(
        f"地域と市の年齢({said})", (Col("地域・市", heading=True), *_value_columns(shown, year)), rows
    )


def _value_columns(shown: Sequence[Figures], year: int) -> list[Col]:
    heads = [one.title if one.year == year else f"{one.title}({one.year}年)" for one in shown]
    return [Col("年齢の分かる人", number=True), *(Col(head, number=True) for head in heads)]


def _shown(one: Figures, code: str) -> str:
    value: Value = one.districts[code]
    weak = WEAK if code in one.weak else ""
    return f"{value_text(one.indicator, value, unit=one.indicator.unit != PEOPLE)}{weak}"


def _known(unit: UnitCounts, year: int) -> Amount:
    return unit.ages.get(year, {}).get("known", Unknown(_NO_ROW))


def said_of(city: City, year: int) -> str:
    """Say of the opened table of a year what every caption must: day, how people are counted, mark."""
    read = next(one for one in city.evidence.ages if one.day.year == year)
    mark = mark_of(read.opened.source.basis) or f"{read.opened.source.basis.label}、地区の線は推計"
    return f"{read.day.isoformat()}、{read.counted_by}、{mark}"


def account_sentences(city: City, levels: Levels, year: int) -> list[str]:
    """Say how the table stands to the published figures, and how many people are merged, split or of unknown age or place."""
    read = next(one for one in city.evidence.ages if one.day.year == year)
    whole = float(read.table.total.sum()) + read.unplaced_people
    split = levels.brought[year].split_people
    sentences = [
        (
            f"表の人 {people(whole)} 人のうち、合算された組に入る人 {people(read.merged_people)} 人({rate(read.merged_people, whole)})、"
            f"地区の境をまたぐ組を人口の割合で分けた人 {people(split)} 人({rate(split, whole)}、推計)。"
        ),
        f"年齢の分からない人 {people(float(read.table.unknown_age.sum()))} 人は、率の分母に入れていません。",
    ]
    if read.unplaced_people or read.unfound:
        sentences.append(
            f"場所を結べなかった行 {len(read.unfound)} 行、{people(read.unplaced_people)} 人は、どの地区にも市の合計にも入れていません。"
        )
    return [*sentences, *_beside_published(city, year, whole, float(read.table.both.sum()))]


def _beside_published(city: City, year: int, whole: float, known: float) -> list[str]:
    """Say by how much the sum of the table differs from the published figures of the same census."""
    if city.evidence.counted_by != "国勢調査" or year not in city.ages:
        return []
    ages = city.ages[year]
    published = float(ages["population"])
    grouped = float(ages["age_0_14"] + ages["age_15_64"] + ages["age_65_over"])
    return [
        (
            f"公表された{year}年の市の人口は {people(published)} 人、うち年齢の分かる人 {people(grouped)} 人、年齢不詳 {people(published - grouped)} 人。"
            f"表の合計との差は、人口 {_signed(whole - published)} 人、年齢の分かる人 {_signed(known - grouped)} 人。"
        )
    ]


def _signed(value: float) -> str:
    return number_text(value, signed=True)


def unfound_tables(city: City) -> list[TextTable]:
    """Return for each opened age table the rows that fit no place, or several, for a human to look at."""
    columns = (Col("表の名前", heading=True), Col("候補(コード 名前)", wide=True))
    return [
        TextTable(
            f"結べなかった行 {len(read.unfound)} 行({read.opened.name}、{read.day.isoformat()})",
            columns,
            [[one.name, "、".join(one.candidates) or "候補なし"] for one in read.unfound],
        )
        for read in city.evidence.ages
        if read.unfound
    ]
