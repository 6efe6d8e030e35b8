"""The priority index of the shipped city: what it begins with, what it says of itself, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from kyodo_geo.errors import InputRefused
from kyodo_geo.figures.build import figures_of
from kyodo_geo.figures.levels import levels_of
from kyodo_geo.figures.vacancy import names_of
from kyodo_geo.model.priority.choice import Item, PriorityChoice
from kyodo_geo.model.priority.score import WHAT_IT_IS_NOT
from kyodo_geo.present.stacked_bars import Bar, stacked_bars
from kyodo_geo.priority.export import priority_csv, priority_json, priority_text
from kyodo_geo.priority.figures import score_figures
from kyodo_geo.priority.study import choosable, priority_study, usual_choice
from kyodo_geo.priority.tables import district_rows, lacking_rows, share_text
from kyodo_geo.provenance import Basis, Unknown


@pytest.fixture(scope="module")
def known(shipped_city, shipped_day):
    return figures_of(shipped_city, shipped_day), levels_of(shipped_city, shipped_day)


@pytest.fixture(scope="module")
def study(known, shipped_day):
    figures, levels = known
    return priority_study(figures, levels, usual_choice(figures), on=shipped_day)


@pytest.fixture(scope="module")
def names(shipped_city, known):
    codes = tuple(known[1].districts)
    return names_of(shipped_city, codes), {code: shipped_city.area_of(code) for code in codes}


def with_items(known, day, *items, **settings):
    return priority_study(*known, PriorityChoice(tuple(items), **settings), on=day)


def test_it_begins_with_what_is_known_and_weighs_it_alike(known):
    choice = usual_choice(known[0])
    assert [item.indicator for item in choice.items] == [
        "population_change",
        "household_change",
        "vanishing_areas",
    ]
    assert len({item.weight for item in choice.items}) == 1
    assert [item.direction for item in choice.items] == ["low", "low", "high"]


def test_the_parts_of_a_row_add_up_to_its_score_as_written(study, names):
    for row in district_rows(study, *names):
        assert sum(map(float, row[5:])) == pytest.approx(float(row[3]), abs=0.2)
    scores = study.scores
    assert scores.contribution_low.sum(axis=1) == pytest.approx(scores.low)


def test_the_largest_fall_is_the_most_pressing(known, shipped_day):
    found = with_items(known, shipped_day, Item("population_change", 2020, "low", 1), method="minmax")
    change = found.figures[0].districts
    assert found.scores.units[found.scores.order[0]] == min(change, key=change.get)


def test_an_unknown_widens_the_score_and_is_named(known, shipped_day, names):
    items = (Item("population_change", 2020, "low", 10), Item("closed_schools", None, "high", 10))
    found = with_items(known, shipped_day, *items)
    schools = found.figures[1].districts
    unknown = {code for code, value in schools.items() if isinstance(value, Unknown)}
    wide = {
        code
        for code, low, high in zip(found.scores.units, found.scores.low, found.scores.high, strict=True)
        if high - low > 1
    }
    assert unknown
    assert wide == unknown
    assert len(lacking_rows(found, names[0])) == len(unknown)
    apart = with_items(known, shipped_day, *items, missing="exclude")
    assert set(apart.scores.units) == set(schools) - unknown


def test_an_indicator_nobody_knows_decides_nothing(known, shipped_day):
    found = with_items(known, shipped_day, Item("ageing_rate", 2020, "high", 10))
    assert set(found.scores.ranks) == {(1, len(found.scores.units))}
    assert any("どの地区の値も分かりません" in sentence for sentence in found.scores.sentences)


def test_what_there_is_not_is_refused_by_name(known, shipped_day):
    with pytest.raises(InputRefused) as refused:
        with_items(
            known, shipped_day, Item("ghost", None, "high", 1), Item("population", 1920, "high", 1),
            Item("management", None, "high", 1),
        )  # fmt: skip
    said = str(refused.value)
    for word in ("「ghost」", "「management」", "次から選んでください"):
        assert word in said
    assert "「population」" not in said


def test_a_table_that_is_not_open_is_unknown_everywhere_and_stops_nothing(known, shipped_day):
    rate = Item("vacancy_rate", 2023, "high", 10)
    found = with_items(known, shipped_day, Item("population_change", 2020, "low", 10), rate)
    assert {one.code for one in found.scores.lacking} == set(found.scores.units)
    assert found.basis is Basis.ESTIMATED
    assert found.figures[1].indicator.label == "空き家率"


def test_every_number_can_be_chosen_and_no_category(known):
    ids = {one.indicator.id for one in choosable(known[0])}
    assert "management" not in ids
    assert {"population", "ageing_rate", "vanishing_areas"} <= ids


def test_text_csv_and_json_say_what_the_index_is_not_and_whence_it_comes(study, names):
    text, table, raw = (
        priority_text(study, *names),
        priority_csv(study, *names),
        priority_json(study, names[0]),
    )
    for written in (text, table, raw):
        assert WHAT_IT_IS_NOT in written
        assert "国勢調査" in written
    rows = list(csv.reader(io.StringIO(table, newline="")))
    assert rows[1][-2:] == ["推計", "推計"]
    record = json.loads(raw)
    assert record["mark"] == "推計"
    for one in record["districts"]:
        parts = [low for low, _ in one["contributions"].values()]
        assert sum(parts) == pytest.approx(one["score"][0])
        first, last = one["place"]
        assert 1 <= first <= last <= len(record["districts"])


def test_the_map_shows_least_and_most_where_something_is_unknown(shipped_city, known, shipped_day, study):
    assert next(one.indicator.id for one in score_figures(study)) == "priority"
    found = with_items(known, shipped_day, Item("closed_schools", None, "high", 10))
    made = score_figures(found)
    assert [one.indicator.id for one in made][:2] == ["priority_low", "priority_high"]
    for low, high in zip(made[0].districts.values(), made[1].districts.values(), strict=True):
        nothing = isinstance(low, Unknown) and low == high
        assert nothing or low <= high
    schools = found.figures[0].districts
    assert {code for code, value in made[0].districts.items() if isinstance(value, Unknown)} == {
        code for code, value in schools.items() if isinstance(value, Unknown)
    }


def test_the_basis_is_that_of_what_counts(known, shipped_day):
    made_up = [
        replace(one, basis=Basis.FICTIONAL) if one.indicator.id == "household_change" else one
        for one in known[0]
    ]
    both = (Item("population_change", 2020, "low", 1), Item("household_change", 2020, "low", 1))
    assert priority_study(made_up, known[1], PriorityChoice(both), on=shipped_day).basis is Basis.FICTIONAL
    silent = (both[0], replace(both[1], weight=0))
    assert priority_study(made_up, known[1], PriorityChoice(silent), on=shipped_day).basis is Basis.ESTIMATED


@pytest.mark.parametrize(("shares", "text"), [((0.5, 0.5), "50 %"), ((0.1, 0.25), "10～25 %")])
def test_a_share_is_one_number_only_where_it_is_sure(shares, text):
    assert share_text(*shares) == text


def test_bars_are_text_and_never_markup():
    html = stacked_bars([Bar("1位", "<b>地区", "5点", ((10, 20), (30, 30)))], ["<i>甲", "乙"], caption="<u>")
    assert "<b>" not in html
    assert "<i>" not in html
    assert "&lt;b&gt;地区" in html
    assert "&lt;i&gt;甲 10.0～20.0、乙 30.0" in html
    assert html.count("width:10.00%") == 2
