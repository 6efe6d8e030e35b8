"""A projection and a trend as tables for people: by district and step, and what must stand beside them."""

from __future__ import annotations

from collections.abc import Sequence

from kyodo_geo.ageing.miss import MissStudy
from kyodo_geo.ageing.projection import Ages, ProjectionStudy, Step
from kyodo_geo.ageing.tables import TextTable, people
from kyodo_geo.ageing.trend import NOT_BY_AGE, CityMiss, TrendStudy
from kyodo_geo.city import City
from kyodo_geo.model.ageing.backtest import Miss
from kyodo_geo.model.indicators.counts import Amount
from kyodo_geo.present.tables import Col, number_text
from kyodo_geo.provenance import Unknown

_PROJECTED = ("人口", "65歳以上", "75歳以上", "高齢化率")


def step_label(step: Step, mark: str) -> str:
    """Name a step: its year, and the mark where it was not counted; a made-up count carries it too."""
    plain = step.counted and mark != "架空"
    return f"{step.day.year}年" if plain else f"{step.day.year}年({mark})"


def projection_table(city: City, study: ProjectionStudy) -> TextTable:
    """Return a row for each district, area and the city: people and ageing rate at the last count and at the last step."""
    base, last = study.steps[1], study.steps[-1]
    heads = [f"{name} {step_label(step, study.mark)}" for name in _PROJECTED for step in (base, last)]
    columns = (Col("コード", code=True), Col("地区・地域", heading=True), *(Col(head, number=True) for head in heads),
               Col("市の変化率を使った区分", number=True))  # fmt: skip
    kept = study.projection.units
    rows = [
        [code, str(city.names.loc[code, "district"]), *_pair(base.districts[code], last.districts[code]),
         _city_cohorts(study, kept.index(code)) if code in kept else "−"]
        for code in base.districts
    ]  # fmt: skip
    rows += [["", f"{area}地域", *_pair(base.areas[area], last.areas[area]), ""] for area in base.areas]
    rows.append(["", f"{city.facts.name}全体", *_pair(base.city, last.city), ""])
    caption = f"{study.to}年までの将来推計({study.projection.label}、{study.mark}。人口は年齢の分かる人)"
    return TextTable(caption, columns, rows)


def _pair(base: Ages, last: Ages) -> list[str]:
    return [
        text for before, after in zip(_texts(base), _texts(last), strict=True) for text in (before, after)
    ]


def _texts(ages: Ages) -> list[str]:
    return [people(ages.total), people(ages.old), people(ages.older), rate_text(ages.rate)]


def rate_text(value: Amount) -> str:
    """Write a rate in %, or why there is none."""
    return str(value) if isinstance(value, Unknown) else number_text(value, decimals=1, unit="%")


def _city_cohorts(study: ProjectionStudy, row: int) -> str:
    few = study.projection.city_cohorts[row]
    births = "、出生も市" if study.projection.city_births[row] else ""
    return f"{few} / {study.projection.cohorts}{births}"


def path_table(title: str, steps: Sequence[tuple[str, Ages]], *, said: str) -> TextTable:
    """Return the steps of one unit: people, 65 and 75 and over, and the ageing rate."""
    columns = (Col("年", heading=True, code=True), *(Col(head, number=True) for head in _PROJECTED))
    return TextTable(f"{title}の推移({said})", columns, [[label, *_texts(ages)] for label, ages in steps])


def projection_sentences(city: City, study: ProjectionStudy) -> list[str]:
    """Say on what the projection stands, what it assumes, and who is in no number."""
    before, base = study.tables
    unknown = f"{before.day.year}年 {people(study.unknown_age[0])} 人、{base.day.year}年 {people(study.unknown_age[1])} 人"
    few = study.projection
    sentences = [
        (
            f"{before.day.isoformat()} と {base.day.isoformat()} の{base.counted_by}({before.opened.name}、{base.opened.name})の間の、"
            "年齢の区分ごとの変化率(コーホート変化率)を5年ずつ繰り返し、地区の合計を市全体の推計に合わせています。"
        ),
        _assumption(city, study),
        _borrowed(study),
        f"年齢の分からない人は推計に入れていません({unknown})。",
        f"最後の区分は {few.bands[-1].label}です。"
        + ("75歳以上は推計できません。" if few.bands[-1].low < 75 else ""),
    ]
    if any(study.unplaced):
        placed = f"{before.day.year}年 {people(study.unplaced[0])} 人、{base.day.year}年 {people(study.unplaced[1])} 人"
        sentences.append(f"場所を結べなかった人は、どの地区にも市の合計にも入れていません({placed})。")
    if study.missing:
        names = "、".join(str(city.names.loc[code, "district"]) for code in study.missing)
        sentences.append(f"2つの表の両方には行がない地区は不明とし、市の合計にも入れていません: {names}")
    return sentences


def _borrowed(study: ProjectionStudy) -> str:
    """Say how often too few people stood behind a ratio, so that the city's was taken."""
    found, least = study.projection, f"{study.limits.min_cohort:g}"
    births = sum(found.city_births)
    if study.choice.scenario == "no_migration":
        return f"女性(15～49歳)が {least} 人に満たない {births} 地区には、出生の比率も市のものを使います。"
    return (
        f"5年前に {least} 人に満たない年齢の区分には市の変化率を使います(1地区は男女合わせて {found.cohorts} 区分。"
        f"使ったのは {sum(1 for one in found.city_cohorts if one)} 地区、のべ {sum(found.city_cohorts)} 区分。出生の比率は {births} 地区)。"
    )


def _assumption(city: City, study: ProjectionStudy) -> str:
    if study.choice.scenario == "no_migration":
        return "転入・転出がまったくないとみなし、全国の生命表の生残率を使います。出生は見たままの比率です。仮定であり、見込みではありません。"
    if study.choice.scenario == "families":
        listed = "、".join(
            f"{city.names.loc[code, 'district']!s}に年 {number:g} 世帯"
            for code, number in study.choice.families.items()
        )
        added = float(study.projection.added[-1].sum())
        return (
            f"仮定: 家族が毎年移り住む({listed or '地区が選ばれていないため、これまでどおりと同じ'})。"
            f"{study.to}年には、移り住んだ人とその子 {people(added)} 人を含みます。仮定であり、見込みではありません。"
        )
    return "2つの年の間に起きたこと(出生・死亡・転入・転出)がこの先も同じ割合で続くとみなしています。"


def trend_table(city: City, study: TrendStudy) -> TextTable:
    """Return a row for each district, area and the city: people counted, then the trend, each step with its mark."""
    trend = study.trend
    heads = [
        f"{study.before_day.year}年",
        f"{trend.days[0].year}年",
        *(f"{day.year}年({study.mark})" for day in trend.days[1:]),
    ]
    columns = (
        Col("コード", code=True),
        Col("地区・地域", heading=True),
        *(Col(head, number=True) for head in heads),
    )
    rows = [
        [code, str(city.names.loc[code, "district"]), people(study.before[row]), *(people(values[row]) for values in trend.values)]
        for row, code in enumerate(trend.units)
    ]  # fmt: skip
    by_area = [study.of_area(step) for step in range(len(trend.days))]
    before = study.area_before()
    rows += [
        ["", f"{area}地域", people(before[area]), *(people(step[area]) for step in by_area)]
        for area in by_area[0]
    ]
    rows.append(
        ["", f"{city.facts.name}全体", people(study.city_before), *(people(value) for value in trend.city)]
    )
    return TextTable(f"人口の総数の傾向({study.mark}。国勢調査。{NOT_BY_AGE})", columns, rows)


def city_miss_table(city: City, misses: Sequence[CityMiss]) -> TextTable:
    """Return how far the trend of the city's published figures would have missed."""
    columns = (
        Col("数えたもの", heading=True),
        *(Col(head, number=True) for head in ("推計", "実際", "外れ(人)", "外れ(%)")),
    )
    rows = [[f"{one.what} {one.years[2]}年", *_miss_cells(one.miss)] for one in misses]
    years = misses[0].years
    caption = f"{city.facts.name}: {years[0]}年から{years[1]}年の割合が{years[2]}年まで続くとした場合の外れ(公表値から計算)"
    return TextTable(caption, columns, rows)


def district_miss_table(city: City, study: MissStudy) -> TextTable:
    """Return how far the projection by age of each district and of the city would have missed."""
    test = study.test
    heads = (
        "人口 推計",
        "人口 実際",
        "外れ(人)",
        "外れ(%)",
        "65歳以上 推計",
        "65歳以上 実際",
        "65歳以上の外れ(人)",
        "65歳以上の外れ(%)",
    )
    columns = (
        Col("コード", code=True),
        Col("地区", heading=True),
        *(Col(head, number=True) for head in heads),
    )
    rows = [
        [code, str(city.names.loc[code, "district"]), *_miss_cells(total), *_miss_cells(old)]
        for code, total, old in zip(test.units, test.total, test.old, strict=True)
    ]
    rows.append(["", f"{city.facts.name}全体", *_miss_cells(test.city_total), *_miss_cells(test.city_old)])
    mean = f"地区の外れの平均(絶対値) 人口 {_percent(test.mean_percent_total)}、65歳以上 {_percent(test.mean_percent_old)}"
    mark = f"、{study.mark}" if study.mark else ""
    return TextTable(
        f"{test.day.isoformat()} を前の2つの表から推計した場合の外れ({mean}{mark})", columns, rows
    )


def _miss_cells(miss: Miss) -> list[str]:
    return [
        people(miss.projected),
        people(miss.counted),
        number_text(miss.people, signed=True),
        _percent(miss.percent, signed=True),
    ]


def _percent(value: float | Unknown, *, signed: bool = False) -> str:
    return (
        str(value) if isinstance(value, Unknown) else number_text(value, decimals=1, signed=signed, unit="%")
    )
