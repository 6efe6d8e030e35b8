"""What is known of ageing without any opened table: the city's census ages, kinds of households, and what is told of places."""

from __future__ import annotations

from kyodo_geo.ageing.tables import TextTable, people, rate
from kyodo_geo.city import City
from kyodo_geo.figures.levels import published_ages
from kyodo_geo.model.indicators.counts import NOT_PUBLISHED, Amount
from kyodo_geo.present.tables import Col, number_text
from kyodo_geo.provenance import Source, Unknown

_LEVELS = {"area": "地域", "district": "地区", "ward": "行政区", "city_without_later_areas": "市(当時の市域)"}
_HOMES = (("単独世帯", "single"), ("高齢夫婦世帯", "elderly_couple"), ("高齢単身世帯", "elderly_single"))


def published_tables(city: City) -> list[TextTable]:
    """Return the tables of everything that is published, each at its own level and day; only those with rows."""
    tables = (city_ages_table(city), households_table(city), aged_table(city), wards_table(city))
    return [table for table in tables if table.rows]


def published_sources(city: City) -> tuple[Source, ...]:
    """Return the sources of the published tables, as far as they are there."""
    names = ("city_ages", "city_households", "area_age80", "wards")
    return tuple(city.sources[name] for name in names if name in city.sources)


def city_ages_table(city: City) -> TextTable:
    """Return people of the city by group in each census: counts beside rates; people of unknown age by subtraction."""
    heads = [
        "人口",
        "15歳未満",
        "15～64歳",
        "65歳以上",
        "75歳以上",
        "年齢不詳",
        "高齢化率",
        "75歳以上の割合",
        "老年人口指数",
    ]
    columns = (Col("国勢調査", heading=True), *(Col(head, number=True) for head in heads))
    rows = [_city_ages(city, year) for year in sorted(city.ages)]
    caption = f"{city.facts.name}の年齢(国勢調査、各年10月1日。人数は公表値、率は公表値から計算。率の分母は年齢の分かる人)"
    return TextTable(caption, columns, rows)


def unknown_age(city: City, year: int) -> float:
    """Return the people of unknown age in a census: the published population less the three published groups."""
    ages = city.ages[year]
    return float(ages["population"] - ages["age_0_14"] - ages["age_15_64"] - ages["age_65_over"])


def _city_ages(city: City, year: int) -> list[str]:
    found = published_ages(city, year)
    known, old, older = found["known"], found["over_65"], found["over_75"]
    counts = [found[name] for name in ("total", "under_15", "working", "over_65", "over_75")]
    return [
        f"{year}年10月1日", *(people(one) for one in counts), people(unknown_age(city, year)),
        rate(old, known), rate(older, known), rate(old, found["working"], unit=""),
    ]  # fmt: skip


def households_table(city: City) -> TextTable:
    """Return the households of the city in which only elderly live, beside all, by census."""
    heads = ["一般世帯", *(name for label, _ in _HOMES for name in (label, "割合"))]
    columns = (Col("国勢調査", heading=True), *(Col(head, number=True) for head in heads))
    rows = []
    for year, homes in sorted(city.households.items()):
        whole = _amount(homes.get("general_households"))
        found = [_amount(homes.get(column)) for _, column in _HOMES]
        cells = [cell for one in found for cell in (people(one), rate(one, whole))]
        rows.append([f"{year}年10月1日", people(whole), *cells])
    caption = (
        f"{city.facts.name}の高齢者の世帯(国勢調査。公表値、割合は一般世帯に対して計算。区分は国勢調査のもの)"
    )
    return TextTable(caption, columns, rows)


def aged_table(city: City) -> TextTable:
    """Return the people of 80 and over that were published for places, each row with its level, day and definition."""
    columns = (Col("年度", code=True), Col("時点", code=True), Col("段階"), Col("場所", heading=True), Col("人", number=True),
               Col("注", wide=True), Col("出典", wide=True))  # fmt: skip
    rows = [
        [
            f"{one.fiscal_year}年度", one.day.isoformat(), _LEVELS.get(one.level, one.level), one.place,
            number_text(one.people), one.note, one.reference,
        ]
        for one in sorted(city.aged, key=lambda one: (list(_LEVELS).index(one.level) if one.level in _LEVELS else 9, one.fiscal_year))
    ]  # fmt: skip
    definitions = "、".join(dict.fromkeys(one.definition for one in city.aged))
    return TextTable(
        f"80歳以上の人(公表値。数えた人: {definitions}。国勢調査の年齢とは数え方も日も違うため、並べて率にしません)",
        columns,
        rows,
    )


def wards_table(city: City) -> TextTable:
    """Return the wards of which an ageing rate, or words about ages, were published."""
    columns = (Col("行政区・自治会", heading=True), Col("地域"), Col("人口", number=True), Col("世帯", number=True),
               Col("高齢化率", number=True), Col("記事の言葉", wide=True), Col("公表", code=True), Col("出典", wide=True))  # fmt: skip
    rows = [
        [
            ward.name, ward.area, people(_amount(ward.population)), people(_amount(ward.households)),
            _said_rate(ward.ageing_percent, about=ward.about), ward.said, ward.published, ward.reference,
        ]
        for ward in city.wards
        if ward.ageing_percent is not None or ward.said
    ]  # fmt: skip
    return TextTable(
        "高齢化を記事が伝えた行政区・自治会(公表値。記事の時点の数で、区域も市民センターの地区とは別)",
        columns,
        rows,
    )


def _said_rate(percent: float | None, *, about: bool) -> str:
    if percent is None:
        return str(NOT_PUBLISHED)
    return f"{'約' if about else ''}{number_text(percent, decimals=0 if float(percent).is_integer() else 1, unit='%')}"


def _amount(number: int | None) -> Amount:
    return Unknown("公表資料なし") if number is None else float(number)
