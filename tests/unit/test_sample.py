from __future__ import annotations

import csv
import hashlib
import io
import os
import subprocess
import sys
import zipfile
from collections import Counter, defaultdict
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.city import City
from kyodo_geo.model.transit.choice import TransitChoice
from kyodo_geo.sample.age_files import hide_small, write_ages
from kyodo_geo.sample.ages import make_ages, published_ages
from kyodo_geo.sample.draw import apportion, fraction, pick, pick_weighted
from kyodo_geo.sample.fitting import fit, round_controlled
from kyodo_geo.sample.pack import README, sample_pack
from kyodo_geo.sample.places import Spot, newest_lines, spots_of
from kyodo_geo.sources.visit.ages.read import read_ages
from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.vacancy.read import read_vacancy
from kyodo_geo.transit.feed import open_feed, service_day

DAY = date(2026, 11, 24)
GROUPS = {17: "age_0_14", 18: "age_15_64", 19: "age_65_over"}
VACANT = {2018: {"dwellings": 900, "vacant_dwellings": 90}, 2023: {"dwellings": 890, "vacant_dwellings": 101}}
FICTIONAL_AGES = "架空_tblT001082C99.txt"


@pytest.fixture(scope="module")
def city():
    return City.load()


@pytest.fixture(scope="module")
def pack(city):
    return sample_pack(city, vacancy=city.vacancy)


@pytest.fixture(scope="module")
def fictional_pack(fictional_city):
    return sample_pack(fictional_city, vacancy=VACANT)


def age_rows(content):
    codes, labels, *rows = csv.reader(io.StringIO(content.decode("cp932"), newline=""))
    assert not any(labels[:7])
    return [dict(zip(codes, row, strict=True)) for row in rows]


def age_files(pack):
    return {name: age_rows(content) for name, content in pack.items() if "_tblT" in name}


def value(row, number):
    table = list(row)[7][:7]
    cell = row[f"{table}{number:03d}"]
    return 0 if cell == "-" else int(cell)


def is_leaf(row, rows):
    return row["HYOSYO"] != "1" and not any(
        other["KEY_CODE"] != row["KEY_CODE"] and other["KEY_CODE"].startswith(row["KEY_CODE"])
        for other in rows
    )


def table(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def spot(code, people, *, district="1"):
    return Spot(code, code, district, 135.0, 35.0, 1.0, {2020: people}, {2020: people})


# --- the same on every machine ---------------------------------------------------------------------------------------


def test_a_fraction_is_a_hash_and_nothing_else():
    assert fraction("a", 1) == int.from_bytes(hashlib.sha256(b"a|1").digest()[:6], "big") / 2**48


@given(st.lists(st.text(), max_size=3))
def test_draws_stay_inside(words):
    assert 0 <= fraction(*words) < 1
    assert pick("xyz", *words) in "xyz"
    assert pick_weighted((("x", 0.5), ("y", 0.5)), *words) == ("x" if fraction(*words) < 0.5 else "y")


def test_the_pack_is_the_same_byte_for_byte_with_another_hash_seed(city, pack):
    assert sample_pack(city, vacancy=city.vacancy) == pack
    script = (
        "import hashlib;from kyodo_geo.city import City;from kyodo_geo.sample.pack import sample_pack;c=City.load();"
        "[print(hashlib.sha256(b).hexdigest()) for b in sample_pack(c, vacancy=c.vacancy).values()]"
    )
    found = [hashlib.sha256(content).hexdigest() for content in pack.values()]
    for seed in ("1", "2"):
        ran = subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert ran.stdout.split() == found


def test_the_zip_carries_no_clock_no_system_and_no_compressor(pack):
    with zipfile.ZipFile(io.BytesIO(pack["架空_バス_gtfs.zip"])) as archive:
        marks = {
            (one.date_time, one.create_system, one.compress_type, one.external_attr)
            for one in archive.infolist()
        }
    assert marks == {((1980, 1, 1, 0, 0, 0), 3, zipfile.ZIP_STORED, 0o644 << 16)}


# --- sharing out -----------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 50), min_size=1, max_size=8), st.integers(0, 500))
def test_a_whole_number_is_shared_out_without_a_rest(weights, total):
    if not any(weights):
        assert apportion(weights, 0) == [0] * len(weights)
        if total:
            with pytest.raises(ValueError, match="重み"):
                apportion(weights, total)
        return
    shares = apportion(weights, total)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - total * weight / sum(weights)) < 1 + 1e-9
        assert weight or not share


@st.composite
def margins(draw):
    """Row and column sums of a table of whole numbers, and a positive seed."""
    height, width = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    cells = np.array(draw(st.lists(st.integers(0, 9), min_size=height * width, max_size=height * width)))
    seed = np.array(
        draw(st.lists(st.integers(1, 20), min_size=height * width, max_size=height * width)), dtype=float
    )
    cells = cells.reshape(height, width)
    return seed.reshape(height, width), cells.sum(axis=1).tolist(), cells.sum(axis=0).tolist()


@given(margins())
def test_fitting_and_rounding_keep_both_margins_and_move_no_cell_by_a_whole_person(given_table):
    seed, rows, columns = given_table
    field = fit(seed, rows, columns)
    found = round_controlled(field, rows, columns)
    assert found.sum(axis=1).tolist() == rows
    assert found.sum(axis=0).tolist() == columns
    assert (found >= 0).all()
    assert np.abs(found - field).max() < 1 + 1e-6


def test_a_rounding_that_needs_a_chain_of_moves_is_found():
    # row by row the largest remainders give columns (2, 1, 0), and no single row can bring the third its person
    field = np.array([[0.4, 0.35, 0.25], [0.35, 0.4, 0.25], [0.25, 0.25, 0.5]])
    for columns in ([0, 1, 2], [2, 1, 0], [3, 0, 0], [1, 1, 1]):
        found = round_controlled(field, [1, 1, 1], columns)
        assert found.sum(axis=0).tolist() == columns
        assert found.sum(axis=1).tolist() == [1, 1, 1]


def test_margins_that_do_not_agree_are_refused():
    with pytest.raises(ValueError, match="違います"):
        fit(np.ones((2, 2)), [1, 1], [1, 2])


# --- ages ------------------------------------------------------------------------------------------------------------


def test_the_city_row_has_the_published_ages_and_men_and_women_add_up(city, pack):
    files = age_files(pack)
    assert files
    for name, rows in files.items():
        whole = next(row for row in rows if row["KEY_CODE"] == city.facts.code)
        published = city.ages[2020 if "T001082" in name else 2015]
        assert value(whole, 1) == published["population"]
        assert {group: value(whole, number) for number, group in GROUPS.items()} == {
            group: published[group] for group in GROUPS.values()
        }


def test_75_and_over_is_kept_where_it_is_published(city, pack):
    rows = age_rows(pack["架空_tblT001082C03.txt"])
    assert (
        value(rows[0], 20)
        == city.households[2020]["age_75_over"]
        == published_ages(city)[2020]["age_75_over"]
    )


def test_the_people_of_2020_are_those_of_the_issue(pack):
    rows = age_rows(pack["架空_tblT001082C03.txt"])
    assert [value(rows[0], number) for number in (1, 17, 18, 19)] == [111_932, 11_600, 58_884, 41_448]


def test_small_areas_add_up_to_the_city_in_every_column_without_the_rows_kept_back(
    city, pack, fictional_pack
):
    for code, files in ((city.facts.code, age_files(pack)), ("99999", age_files(fictional_pack))):
        for rows in files.values():
            whole = next(row for row in rows if row["KEY_CODE"] == code)
            counted = [row for row in rows if is_leaf(row, rows) and row["HTKSYORI"] != "2"]
            for number in range(1, 61):
                assert sum(value(row, number) for row in counted) == value(whole, number)


def test_bands_sexes_and_sums_of_a_row_agree(pack):
    for rows in age_files(pack).values():
        for row in (row for row in rows if row["HTKSYORI"] != "2"):
            for block in (0, 20, 40):
                at = [value(row, block + number) for number in range(1, 21)]
                assert at[16] == sum(at[1:4])
                assert at[17] == sum(at[4:14])
                assert at[18] == sum(at[14:16]) + at[19]
                assert sum(at[16:19]) <= at[0]
            for number in range(1, 21):
                assert value(row, number) == value(row, 20 + number) + value(row, 40 + number)


def test_every_small_area_has_its_own_people_of_the_census(city, pack):
    for year, name in ((2020, "架空_tblT001082C03.txt"), (2015, "架空_tblT000849C03.txt")):
        rows = {row["KEY_CODE"]: row for row in age_rows(pack[name])}
        people = {spot.key: spot.people[year] for spot in spots_of(city) if year in spot.people}
        assert sum(people.values()) == city.ages[year]["population"]
        for key, row in rows.items():
            if row["HTKSYORI"] != "2" and key in people:
                came = [f"{city.facts.code}{short}" for short in row["GASSAN"].split(";") if short]
                assert value(row, 1) == people[key] + sum(people[one] for one in came)
        assert people.keys() <= rows.keys()


def test_rows_kept_back_say_nothing_and_both_sides_name_each_other(city, pack):
    rows = {row["KEY_CODE"]: row for row in age_rows(pack["架空_tblT001082C03.txt"])}
    hidden = {key: row for key, row in rows.items() if row["HTKSYORI"] == "2"}
    few = {spot.key for spot in spots_of(city) if 0 < spot.people[2020] < 10}
    assert few
    assert set(hidden) == few
    for key, row in hidden.items():
        taker = rows[city.facts.code + row["HTKSAKI"]]
        assert set(list(row.values())[7:]) == {"X"}
        assert taker["HTKSYORI"] == "1"
        assert key[5:] in taker["GASSAN"].split(";")
        assert key[:9] == taker["KEY_CODE"][:9] or len(key) == 9
    assert sum(bool(row["GASSAN"]) for row in rows.values()) == sum(
        row["HTKSYORI"] == "1" for row in rows.values()
    )


def test_levels_are_those_of_their_year(pack):
    for name, leaf_of_town, town in (
        ("架空_tblT001082C03.txt", "4", "3"),
        ("架空_tblT000849C03.txt", "3", "2"),
    ):
        rows = age_rows(pack[name])
        for row in rows:
            length = len(row["KEY_CODE"])
            wanted = {5: "1", 11: leaf_of_town}.get(length, "2" if is_leaf(row, rows) else town)
            assert row["HYOSYO"] == wanted


def test_a_town_is_the_sum_of_its_parts_as_they_stand(pack):
    rows = age_rows(pack["架空_tblT001082C03.txt"])
    towns = [row for row in rows if row["HYOSYO"] == "3"]
    assert towns
    for town in towns:
        parts = [row for row in rows if row["HYOSYO"] == "4" and row["KEY_CODE"].startswith(town["KEY_CODE"])]
        assert value(town, 19) == sum(value(row, 19) for row in parts if row["HTKSYORI"] != "2")
        assert all(row["NAME"].startswith(town["NAME"]) for row in parts)


def test_few_people_go_to_the_nearest_in_their_town_first_and_never_to_nobody():
    towns = [spot("999990010", 40), spot("99999002001", 3), spot("99999002002", 0), spot("99999002003", 12)]
    assert hide_small(towns, 2020).into == {"99999002001": "99999002003"}
    alone = [spot("999990010", 40), spot("99999002001", 3), spot("99999003001", 60)]
    assert hide_small(alone, 2020).into == {"99999002001": "99999003001"}
    assert hide_small([spot("999990010", 4), spot("999990020", 5)], 2020).into == {}


def test_a_town_of_which_all_are_kept_back_says_nothing_either():
    spots = [spot("999990010", 40), spot("99999002001", 3), spot("99999002002", 4), spot("99999002003", 0)]
    published = {2020: {"population": 47, "age_0_14": 7, "age_15_64": 20, "age_65_over": 20}}
    made, _ = make_ages(spots, published, [2020])
    rows = {row["KEY_CODE"]: row for row in age_rows(write_ages(made[2020], "架空市", "99999"))}
    assert [rows["999990020"][name] for name in ("HYOSYO", "HTKSYORI", "HTKSAKI")] == ["3", "2", "0010"]
    assert rows["999990010"]["GASSAN"] == "002001;002002"
    assert value(rows["999990010"], 1) == 47
    assert value(rows["99999002003"], 1) == 0


def test_cohorts_change_by_no_more_than_half_in_any_district(city):
    made, reasons = make_ages(spots_of(city), published_ages(city), [2015, 2020])
    assert not reasons
    people = {year: defaultdict(lambda: np.zeros(17)) for year in made}
    for year, ages in made.items():
        for spot, row in zip(ages.spots, ages.both, strict=True):
            people[year][spot.district] += row
    for district, old in people[2015].items():
        before = np.array([*old[:14], old[14] + old[15]])
        after = people[2020][district][1:16]
        ratios = (after / np.maximum(before, 1))[before >= 30]
        assert len(ratios) > 10
        assert ratios.min() >= 0.5
        assert ratios.max() <= 1.5


def test_the_share_of_old_people_differs_by_district(pack, city):
    home = {spot.key: spot.district for spot in spots_of(city)}
    old, whole = Counter(), Counter()
    rows = age_rows(pack["架空_tblT001082C03.txt"])
    for row in rows:
        if row["KEY_CODE"] in home and row["HTKSYORI"] != "2":
            old[home[row["KEY_CODE"]]] += value(row, 19)
            whole[home[row["KEY_CODE"]]] += value(row, 1)
    shares = [old[code] / whole[code] for code in whole]
    assert 0.2 < min(shares) < max(shares) < 0.6
    assert max(shares) - min(shares) > 0.05


def test_a_year_whose_total_is_not_the_sum_of_small_areas_is_left_out_with_its_reason():
    published = {"population": 31, "age_0_14": 1, "age_15_64": 1, "age_65_over": 1}
    for given_ages, word in (
        ({2020: published}, "合わない"),
        ({}, "公表値がない"),
        ({2015: published}, "公表値がない"),
    ):
        made, reasons = make_ages([spot("999990010", 30)], given_ages, [2020])
        assert not made
        assert word in reasons[0]


# --- vacant dwellings ------------------------------------------------------------------------------------------------


def test_there_is_one_row_a_vacant_dwelling_of_the_newest_year(city, pack, fictional_pack):
    newest = max(city.vacancy)
    rows = table(pack[f"架空_空き家調査_{newest}.csv"])
    assert len(rows) == city.vacancy[newest]["vacant_dwellings"] == 8_690
    assert len({row["整理番号"] for row in rows}) == len(rows)
    assert {row["判定"] for row in rows} == set("ABCD")
    assert {row["調査方法"] for row in rows} == {"現地調査", "水道", "推計"}
    assert {date.fromisoformat(row["調査年月日"]).year for row in rows} == {newest}
    assert len(table(fictional_pack["架空_空き家調査_2023.csv"])) == 101


def test_a_dwelling_stands_in_the_district_of_its_small_area_or_on_its_point(city, pack):
    rows = table(pack[f"架空_空き家調査_{max(city.vacancy)}.csv"])
    spots = {spot.key: spot for spot in spots_of(city)}
    points = [(float(row["経度"]), float(row["緯度"])) for row in rows]
    inside = city.districts_of(points, newest_lines(city))
    off = [
        row
        for row, point, code in zip(rows, points, inside, strict=True)
        if code != spots[row["小地域コード"]].district
        and point != (round(spots[row["小地域コード"]].lon, 6), round(spots[row["小地域コード"]].lat, 6))
    ]
    assert not off
    assert len(set(points)) == len(points)


def test_nobody_lives_where_no_vacant_dwelling_is(fictional_pack):
    assert "k41" not in {row["小地域コード"] for row in table(fictional_pack["架空_空き家調査_2023.csv"])}


# --- buses -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def buses(pack):
    return open_feed(pack["架空_バス_gtfs.zip"], name="架空_バス_gtfs.zip", today=DAY)


def test_the_feed_opens_without_a_word(buses, fictional_pack):
    assert not buses.opened.left_out
    assert not buses.opened.cautions
    small = open_feed(fictional_pack["架空_バス_gtfs.zip"], name="架空.zip", today=DAY)
    assert not small.opened.left_out
    assert not small.opened.cautions
    # five districts, one of them empty, and one middle that needs no line
    assert len(small.timetable.routes) == 3
    assert buses.validity == "valid"
    assert "架空" in buses.opened.publisher


def test_the_feed_has_some_lines_and_three_kinds_of_day(buses):
    assert 10 <= len(buses.timetable.routes) <= 40
    running = {
        kind: len(service_day(buses, TransitChoice(day=kind)).services)
        for kind in ("weekday", "saturday", "sunday")
    }
    assert running == {"weekday": 1, "saturday": 1, "sunday": 1}


def test_nothing_runs_at_new_year_and_a_holiday_runs_as_a_sunday(buses):
    def on(day):
        return service_day(buses, TransitChoice(day=day.isoformat())).services

    assert on(date(2027, 1, 1)) == on(date(2026, 12, 31)) == frozenset()
    assert on(date(2026, 5, 5)) == on(date(2026, 5, 10)) == {"日曜・祝日"}
    assert on(date(2026, 5, 8)) == {"平日"}


def test_a_feed_begins_on_the_day_that_is_asked(fictional_city):
    asked = sample_pack(fictional_city, vacancy={}, first_day=date(2024, 2, 29))
    feed = open_feed(asked["架空_バス_gtfs.zip"], name="架空.zip", today=date(2024, 6, 1))
    assert feed.validity == "valid"
    assert {row["年度"] for row in table(asked["架空_協働体活動.csv"])} <= {
        "令和2年度",
        "令和3年度",
        "令和4年度",
    }


# --- opened again ----------------------------------------------------------------------------------------------------


def gazetteer(city):
    spots, year = spots_of(city), city.latest.year
    names = {str(code): str(name) for code, name in city.names["district"].items()}
    return Gazetteer(
        code=city.facts.code,
        prefecture=city.facts.prefecture,
        city=city.facts.name,
        small_areas={spot.key: spot.name for spot in spots},
        people={spot.key: spot.people.get(year, 0) for spot in spots},
        homes={spot.key: spot.homes.get(year, 0) for spot in spots},
        districts=names,
        areas={code: city.area_of(code) for code in names},
        district_of={spot.key: spot.district for spot in spots},
    )


@pytest.mark.parametrize("which", ["city", "fictional_city"])
def test_the_age_tables_are_read_without_a_word_and_as_made_up(which, request):
    town = request.getfixturevalue(which)
    opened = {
        name: read_ages(content, name=name, gazetteer=gazetteer(town))
        for name, content in request.getfixturevalue("pack" if which == "city" else "fictional_pack").items()
        if "_tblT" in name
    }
    assert opened
    for read in opened.values():
        assert read.opened.fictional
        assert not (*read.opened.left_out, *read.opened.cautions, *read.unfound)
        assert read.unplaced_people == 0
        published = town.ages[read.day.year]
        assert read.table.total.sum() == published["population"]
        assert [read.table.at(*ages).sum() for ages in ((0, 14), (15, 64), (65, None))] == [
            published[group] for group in GROUPS.values()
        ]
        known = {spot.key for spot in spots_of(town) if read.day.year in spot.people}
        assert {key for keys in read.places for key in keys} == known


@pytest.mark.parametrize("which", ["city", "fictional_city"])
def test_the_survey_is_read_whole_and_as_made_up(which, request):
    town, made = (
        request.getfixturevalue(which),
        request.getfixturevalue("pack" if which == "city" else "fictional_pack"),
    )
    name = "架空_空き家調査_2023.csv"
    read = read_vacancy(made[name], name=name, gazetteer=gazetteer(town))
    assert read.opened.fictional
    assert not (*read.opened.left_out, *read.unfound)
    assert sum(record.count for record in read.records) == (8_690 if which == "city" else 101)
    assert {record.year for record in read.records} == {2023}
    assert {record.state for record in read.records} == set("ABCD")
    assert {record.source_class for record in read.records} == {"survey", "water", "estimate"}
    assert [record.keys for record in read.records] == [(row["小地域コード"],) for row in table(made[name])]
    # only that the running number is not read, and that a row is a dwelling
    assert len(read.opened.cautions) == 2


# --- the whole pack --------------------------------------------------------------------------------------------------


def test_every_file_says_that_it_is_made_up_inside_and_in_its_name(pack, fictional_pack):
    for name, content in (*pack.items(), *fictional_pack.items()):
        assert "架空" in name
        if name.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                info = table(archive.read("feed_info.txt"))
                assert "架空" in info[0]["feed_publisher_name"]
                assert all("架空" in row["route_long_name"] for row in table(archive.read("routes.txt")))
        elif "_tblT" in name:
            assert all(row["CITYNAME"].endswith("(架空)") for row in age_rows(content))
        elif name.endswith(".csv"):
            assert all("架空" in row["備考"] for row in table(content))
        else:
            assert "架空" in content.decode("utf-8-sig").splitlines()[0]


def test_the_activity_names_every_district_and_all_five_roles(city, pack):
    rows = table(pack["架空_協働体活動.csv"])
    assert {row["地区コード"] for row in rows} == set(city.names.index)
    assert {row["役割"][0] for row in rows} == set("①②③④⑤")
    assert {row["年度"] for row in rows} == {"令和5年度", "令和6年度", "令和7年度"}
    assert all(int(row["回数"]) > 0 and int(row["金額_円"]) >= 0 for row in rows)


def test_the_read_me_lists_every_file_and_every_total_kept(pack):
    text = pack[README].decode("utf-8-sig")
    assert all(name in text for name in pack if name != README)
    assert all(number in text for number in ("111,932", "41,448", "8,690"))
    assert "作っていないもの" not in text


def test_a_city_with_keys_of_another_form_keeps_them_and_is_told_so(fictional_pack):
    codes = [row["KEY_CODE"] for row in age_rows(fictional_pack[FICTIONAL_AGES])]
    assert codes == ["99999", "k11", "k12", "k21", "k31", "k41", "k51"]
    text = fictional_pack[README].decode("utf-8-sig")
    assert "そのまま書きました" in text
    assert "2015年" in text


def test_without_a_published_number_there_is_no_survey_and_the_read_me_says_so(fictional_city):
    pack = sample_pack(fictional_city, vacancy={})
    assert not [name for name in pack if "空き家" in name]
    assert "空き家の調査を作っていません" in pack[README].decode("utf-8-sig")


def test_a_city_whose_small_areas_do_not_add_up_gets_no_ages(changed_city):
    changed = changed_city({"population/city_census_ages.csv": ("2020,2301,", "2020,2302,")})
    pack = sample_pack(changed, vacancy={})
    assert not age_files(pack)
    assert "合わない" in pack[README].decode("utf-8-sig")
