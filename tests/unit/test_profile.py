"""Districts side by side: the choice is an address, every figure says what it is, and nothing unknown becomes a number."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.city import City
from kyodo_geo.errors import InputRefused
from kyodo_geo.figures.build import figures_of
from kyodo_geo.figures.door import NamedContent, open_tables
from kyodo_geo.model.figures import Fact
from kyodo_geo.model.indicators import REGISTRY
from kyodo_geo.model.profile_choice import LEAST, MOST, ProfileChoice, from_query
from kyodo_geo.present.tables import csv_file
from kyodo_geo.profile.export import profile_csv, profile_page
from kyodo_geo.profile.locator import locators
from kyodo_geo.profile.rows import newest_known
from kyodo_geo.profile.similar import like_study, usual_variables, variables_of
from kyodo_geo.profile.study import profile_study, usual_districts
from kyodo_geo.profile.tables import comparison_html
from kyodo_geo.profile.told import told_facts
from kyodo_geo.provenance import Unknown
from kyodo_geo.sample.pack import sample_pack

CODES = [f"{number:02}" for number in range(1, 13)]
VARIABLES = ["density", "ageing_rate", "population_change"]
CHOICES = st.builds(
    ProfileChoice,
    st.lists(st.sampled_from(CODES), min_size=LEAST, max_size=MOST, unique=True).map(tuple),
    st.lists(st.sampled_from(VARIABLES), max_size=3, unique=True).map(tuple),
)


def read(words, districts=("01", "02")):
    return from_query(words, districts=districts, known=CODES, variables=VARIABLES)


def faults_of(act, *given):
    with pytest.raises(InputRefused) as refused:
        act(*given)
    return [str(fault) for fault in refused.value.faults]


@given(CHOICES)
def test_an_address_gives_the_choice_back(choice):
    assert read(choice.to_query()) == choice


@given(CHOICES, st.sampled_from(CODES))
def test_a_district_put_beside_is_there_and_there_are_never_too_many(choice, other):
    own = choice.districts[0]
    found = choice.beside(own, other)
    assert {own, other} <= set(found.districts)
    assert LEAST <= len(found.districts) <= MOST
    assert found.like == choice.like


def test_an_empty_address_is_the_usual_pair_and_a_short_one_needs_no_percent_signs():
    assert read({"facilities": "centres"}) == ProfileChoice(("01", "02"))
    assert ProfileChoice(("05", "12"), ("density",)).to_query() == {"districts": "05-12", "like": "density"}


def test_everything_wrong_with_an_address_is_named_at_once():
    found = faults_of(read, {"districts": "01-99-xx", "like": "density~nonsense"})
    assert found == [
        "列「districts」: 地区「99」はありません",
        "列「districts」: 地区「xx」はありません",
        "列「like」: 変数「nonsense」はありません",
    ]


@pytest.mark.parametrize(
    ("districts", "said"),
    [
        (("01",), "2 から 4 地区です(1 あります)"),
        (("01", "02", "03", "04", "05"), "2 から 4 地区です(5 あります)"),
        (("01", "01"), "地区「01」が2回以上あります"),
    ],
)
def test_too_few_too_many_and_doubled_districts_are_refused(districts, said):
    assert said in faults_of(ProfileChoice, districts)[0]
    assert said in faults_of(read, {"districts": "-".join(districts)})[0]


@pytest.fixture(scope="module")
def real(today):
    """The shipped city with its figures."""
    city = City.load()
    return city, figures_of(city, today)


@pytest.fixture(scope="module")
def sampled(real, today):
    """The shipped city with the sample pack open."""
    city, _ = real
    pack = sample_pack(city, vacancy=city.vacancy)
    ages = [NamedContent(name, raw) for name, raw in pack.items() if "tblT" in name]
    vacant = next(NamedContent(name, raw) for name, raw in pack.items() if "空き家" in name)
    opened = open_tables(city, today, ages, vacant, whole_city=True)
    return opened, figures_of(opened, today)


@pytest.fixture
def study_of(today):
    def study(given, *codes, like=()):
        city, figures = given
        facts = {code: [Fact("架空の項目", f"<b>{code}</b>")] for code in codes}
        return profile_study(city, figures, ProfileChoice(codes, like), facts, on=today)

    return study


def test_the_usual_pair_is_that_of_the_largest_and_the_smallest_change_of_people(real, today):
    city, figures = real
    codes = list(dict.fromkeys(city.lines(today).values()))
    pair, why = usual_districts(figures, codes)
    change = newest_known(figures)["population_change"].districts
    assert change[pair[0]] == max(change.values())
    assert change[pair[1]] == min(change.values())
    assert "人口増減率 2015→2020 の最も大きい地区と最も小さい地区" in why


def test_the_usual_pair_of_another_city_passes_over_what_is_unknown(fictional_city, today):
    figures = figures_of(fictional_city, today)
    pair, _ = usual_districts(figures, ["1", "2", "3", "4", "5"])
    change = newest_known(figures)["population_change"].districts
    assert isinstance(change["4"], Unknown)
    assert "4" not in pair
    assert len(set(pair)) == 2


def test_districts_that_all_changed_alike_are_still_two(real):
    _, figures = real
    change = newest_known(figures)["population_change"]
    same = replace(change, districts=dict.fromkeys(change.districts, 1.0))
    assert usual_districts([same], ["01", "02", "03"])[0] == ("01", "02")
    assert usual_districts([], ["01", "02", "03"])[0] == ("01", "02")


def test_every_registered_indicator_stands_either_in_a_row_or_among_the_unknown(real, sampled, study_of):
    for given_ in (real, sampled):
        study = study_of(given_, "01", "26")
        rows = [row.figures.indicator.id for row in study.rows]
        lacking = [one.item.id for one in study.lacking]
        assert sorted([*rows, *lacking]) == sorted(item.id for item in REGISTRY)
        assert all(one.district.startswith("不明(") and one.where for one in study.lacking)


def test_a_row_is_of_the_newest_year_known_of_some_district(sampled):
    _, figures = sampled
    for one in newest_known(figures).values():
        later = [two for two in figures if two.indicator.id == one.indicator.id and two.year > one.year]
        known = any(not isinstance(value, Unknown) for value in one.districts.values())
        assert known or not later
        assert all(isinstance(value, Unknown) for two in later for value in two.districts.values())


def test_a_bar_is_the_share_of_the_largest_value_of_all_districts(real, study_of):
    study = study_of(real, "01", "04", "26")
    row = next(row for row in study.rows if row.figures.indicator.id == "population_change")
    change = row.figures.districts
    most = max(abs(value) for value in change.values())
    assert [cell.bar * most for cell in row.cells] == pytest.approx([change[code] for code in study.codes])
    for one in study.rows:
        assert all(cell.bar is None or -1 <= cell.bar <= 1 for cell in one.cells)


def test_an_unknown_has_no_bar_no_place_and_no_mark(real, study_of):
    study = study_of(real, "01", "26")
    cells = [cell for row in study.rows for cell in row.cells if cell.unknown]
    assert cells
    for cell in cells:
        assert cell.text.startswith("不明(")
        assert (cell.bar, cell.place, cell.mark) == (None, "", "")


def test_a_shared_place_says_how_many_share_it(real, study_of):
    study = study_of(real, "04", "26")
    row = next(row for row in study.rows if row.figures.indicator.id == "vanishing_areas")
    values = list(row.figures.districts.values())
    place = 1 + sum(value > 0 for value in values)
    assert row.cells[0].place == f"{place}位({len(values)}地区中、同じ値 {values.count(0)}地区)"


def test_what_the_city_itself_publishes_stands_beside_what_is_unknown_of_districts(real, study_of):
    lacking = {one.item.id: one for one in study_of(real, "01", "26").lacking}
    assert "37.0 %(2020-10-01)" in lacking["ageing_rate"].city
    assert "8,690戸(2023年" in lacking["vacant_dwellings"].city
    assert "標本調査" in lacking["vacant_dwellings"].city
    assert "T001082" in lacking["ageing_rate"].where


def test_nothing_is_fictional_by_default_and_all_files_say_so_when_it_is(real, sampled, study_of):
    plain, made_up = study_of(real, "05", "12"), study_of(sampled, "05", "12")
    assert plain.file_stem == "比較_05-12"
    assert made_up.file_stem == "架空_比較_05-12"
    for text in (profile_page(plain), profile_csv(plain)):
        assert text.count("架空") == text.count("架空の項目")
    assert '<p class="kg-band">架空' in profile_page(made_up)
    rows = list(csv.reader(io.StringIO(profile_csv(made_up))))
    rate = next(row for row in rows if row[2:3] == ["ageing_rate"])
    assert rate[rows[0].index("印")] == "架空"


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.words = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


def test_the_file_stands_alone_and_text_of_data_is_text(sampled, study_of):
    text = profile_page(study_of(sampled, "01", "26", "32"))
    page = _Page()
    page.feed(text)
    assert text.startswith('<!doctype html><html lang="ja">')
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "form"}
    addresses = [attrs[key] for _, attrs in page.tags for key in ("src", "href") if key in attrs]
    assert addresses
    assert all(address.startswith("data:image/svg+xml,") for address in addresses)
    assert "url(" not in text
    assert "&lt;b&gt;01&lt;/b&gt;" in text
    assert "A4 landscape" in text
    assert [attrs["alt"] for tag, attrs in page.tags if tag == "img"]
    for said in ("出典:", "根拠: 架空", "根拠: 公表値", "似た地区", "指標の定義と注意"):
        assert said in text


def test_names_of_data_are_escaped_in_the_table(real, study_of):
    study = study_of(real, "01", "26")
    odd = replace(study, names={**study.names, "01": "<script>x</script>"}, city="<i>市</i>")
    found = comparison_html(odd)
    assert "<script>" not in found
    assert "<i>市" not in found
    assert "&lt;script&gt;" in found


def test_the_csv_holds_the_values_as_numbers_with_day_basis_and_sources(real, study_of):
    study = study_of(real, "01", "26")
    head, *rows = csv.reader(io.StringIO(csv_file(profile_csv(study)).decode("utf-8-sig")))
    found = {row[2]: row for row in rows[: len(study.rows)]}
    assert len(found) == len(study.rows)
    people = newest_known(real[1])["population"]
    assert float(found["population"][head.index(study.names["26"])]) == people.districts["26"]
    for row in found.values():
        assert row[head.index("基準日")]
        assert row[head.index("根拠")]
        assert row[head.index("出典")]
    below = [cell for row in rows[len(study.rows) :] for cell in row]
    assert sum(cell == "出典" for cell in below) == len(study.sources)
    assert not any(cell.lower() in {"nan", "none"} for row in rows for cell in row)


def test_closed_schools_wards_and_small_areas_are_those_tied_to_the_district(real, today):
    city, _ = real
    facts = {fact.label.split("(")[0]: fact.text for fact in told_facts(city, "32", today)}
    for school in city.closed_schools:
        assert (school.name in facts["閉校した学校"]) == (school.district_code == "32")
    for ward in city.wards:
        assert (f"{ward.name}:" in facts["数字の公表された行政区・自治会"]) == (ward.district_code == "32")
    year, keys = max(city.vanishing().items())
    homes = {key: city.small_areas.loc[key, "district_code"] for key in keys}
    told = {
        code: next(fact for fact in told_facts(city, code, today) if fact.label.startswith("消えかけ")).text
        for code in city.names.index
    }
    for key, home in homes.items():
        assert [code for code, text in told.items() if f"({key})" in text] == [home]
    assert str(year) in next(fact.label for fact in told_facts(city, "32", today) if "消えかけ" in fact.label)


def test_people_of_80_and_over_stand_at_their_own_level_with_year_and_definition(real, today):
    city, _ = real
    code = next(str(code) for code in city.names.index if city.names.loc[code, "district"] == "奥玉")
    text = next(fact.text for fact in told_facts(city, code, today) if fact.label.startswith("80歳以上"))
    assert "奥玉地区 平成21年度(2009年度): 336人(2009-09-08)" in text
    assert "旧市町村 千厩 平成21年度(2009年度): 1,436人" in text
    assert "敬老会の招待者" in text


def test_a_city_without_such_sources_says_unknown_and_never_none(fictional_city, today):
    facts = [fact for fact in told_facts(fictional_city, "1", today) if fact.unknown]
    assert [fact.label for fact in facts] == [
        "閉校した学校",
        "数字の公表された行政区・自治会",
        "80歳以上の人(公表された年だけ)",
    ]
    assert {fact.text for fact in facts} == {"不明(公表資料なし)"}


def test_likeness_uses_ages_and_vacancy_once_they_are_there(real, sampled):
    plain, made_up = newest_known(real[1]), newest_known(sampled[1])
    assert usual_variables(plain) == ("population_change", "household_change", "density", "household_size")
    assert usual_variables(made_up) == (*usual_variables(plain), "ageing_rate", "vacancy_rate")
    assert like_study(plain, ()).mark == "推計"
    assert like_study(made_up, ()).mark == "架空"


def test_a_variable_nobody_knows_is_left_out_and_named(real):
    newest = newest_known(real[1])
    found = like_study(newest, ("density", "ageing_rate", "vacancy_rate"))
    assert [one.indicator.id for one in found.figures] == ["density"]
    assert found.sentences[-1] == "地区の値が分からないため使わなかった変数: 高齢化率、空き家率"
    with pytest.raises(InputRefused, match="どの地区の値も分かりません"):
        like_study(newest, ("ageing_rate",))


def test_a_comparison_stands_also_where_no_likeness_can_be_said(real, study_of):
    study = study_of(real, "01", "26", like=("ageing_rate",))
    assert study.like is None
    assert "似た地区を探せません" in profile_page(study)
    assert "似た地区を探せません" in profile_csv(study)


def test_a_district_with_an_unknown_is_named_as_not_compared(fictional_city, today):
    figures = figures_of(fictional_city, today)
    facts = {code: [Fact("項目", "架空")] for code in ("1", "4")}
    study = profile_study(fictional_city, figures, ProfileChoice(("1", "4")), facts, on=today)
    assert "4" not in study.like.found.nearest
    assert "架空空地は、" in profile_page(study)
    assert "比べていません" in profile_csv(study)


def test_every_indicator_that_is_a_number_can_measure_likeness(real):
    ids = set(variables_of(newest_known(real[1])))
    assert ids == {item.id for item in REGISTRY if item.kind != "category"}


def test_a_locator_fills_one_district_and_leaves_no_gap_between_the_others(fictional_city, today):
    shapes = fictional_city.shapes(today)
    drawn = {code: unquote(address) for code, address in locators(shapes, list(shapes.index)).items()}
    assert set(drawn) == set(shapes.index)
    for svg in drawn.values():
        assert svg.count("#0B5F66") == 1
        assert "<script" not in svg
        assert "href" not in svg
    assert len(set(drawn.values())) == len(drawn)


def test_a_locator_of_a_single_district_city_can_be_drawn(fictional_city, today):
    shapes = fictional_city.shapes(today)
    alone = shapes.iloc[:1]
    assert "<path d=''" in unquote(locators(alone, [alone.index[0]])[alone.index[0]])
