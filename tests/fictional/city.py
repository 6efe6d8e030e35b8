"""The tables of 架空市 as text; a test changes what it wants and writes them with right checksums.

On a grid of hundredths of a degree, north is up and (w, s, e, n) are the edges of a box:

    架空町: 1 本町 (0,0,4,4) around the enclave 2 飛地 (1,1,2,2)
    架空村: 3 両端 in two pieces (4,0,6,1) and (4,3,6,4), 4 空地 (4,1,6,2) with nobody, 5 新田 (4,2,6,3)

新田 left 両端 on 2018-04-01. 飛地 and 新田 have the same population in 2020. One council serves 本町 and 飛地;
of 空地 neither council nor management is known.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from geo.measure import area_km2
from kyodo_geo.model.reach.choice import HAZARDS
from kyodo_geo.sources.manifest import count_rows

Files = dict[str, bytes]
WEST, SOUTH, STEP = 135.0, 35.0, 0.01
NAMES = {
    "1": ("架空本町", "架空町"),
    "2": ("架空飛地", "架空町"),
    "3": ("架空両端", "架空村"),
    "4": ("架空空地", "架空村"),
    "5": ("架空新田", "架空村"),
}
FIRST_DAY, SPLIT_DAY, TODAY = "2012-04-01", "2018-04-01", "2024-06-01"
# key, part, district, and people and households of 2010 and 2020; 空地 was empty all along
SMALL_AREAS = (
    ("k11", "", "1", (900, 300, 800, 290)),
    ("k12", "", "1", (400, 140, 400, 160)),
    ("k21", "", "2", (310, 100, 300, 110)),
    ("k31", "E1", "3", (500, 180, 480, 185)),
    ("k31", "E2", "3", (0, 0, 21, 5)),
    ("k41", "", "4", (0, 0, 0, 0)),
    ("k51", "", "5", (333, 111, 300, 120)),
)
# Where the people of each small area are, on the grid
POINTS = {"k11": (0.5, 0.5), "k12": (3, 3), "k21": (1.5, 1.5), "k31E1": (5, 0.5), "k31E2": (5, 3.5), "k41": (5, 1.5),
          "k51": (5, 2.5)}  # fmt: skip
TOTALS = {
    year: tuple(sum(row[3][at] for row in SMALL_AREAS) for at in (start, start + 1))
    for year, start in ((2010, 0), (2020, 2))
}
# 1 km cells from the south-west corner of the city to its north-east, the last three cut by its border; nobody counted
# the cells between
MESH = (
    ("52354000", 500, "1.0"),
    ("52354011", 300, "1.0"),
    ("52354022", 210, "1.0"),
    ("52354004", 90, "0.8"),
    ("52354040", 0, "0.8"),
    ("52354044", 20, "0.64"),
)


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """Return a box on the grid of the city, in degrees."""
    corners = (WEST + west * STEP, SOUTH + south * STEP, WEST + east * STEP, SOUTH + north * STEP)
    return shapely.box(*(round(corner, 5) for corner in corners))


def outlines() -> gpd.GeoSeries:
    """Return the five outlines in EPSG:4326 by district code."""
    shapes = {
        "1": box(0, 0, 4, 4).difference(box(1, 1, 2, 2)),
        "2": box(1, 1, 2, 2),
        "3": shapely.MultiPolygon([box(4, 0, 6, 1), box(4, 3, 6, 4)]),
        "4": box(4, 1, 6, 2),
        "5": box(4, 2, 6, 3),
    }
    return gpd.GeoSeries(noded(shapes), crs="EPSG:4326")


def noded(shapes: Mapping[str, shapely.Geometry]) -> dict[str, shapely.Geometry]:
    """Put every corner of a neighbour onto the border it stands on, so that borders match vertex for vertex."""
    cleaned = shapely.coverage_clean(list(shapes.values()))
    return dict(zip(shapes, cleaned, strict=True))


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Write a table as the build step does: UTF-8, LF."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([columns, *rows])
    return out.getvalue().encode()


def files() -> Files:
    """Return every file of the data folder but the manifests, by its path below the folder."""
    return {**_boundaries(), **_population(), **_records()}


def _boundaries() -> Files:
    shapes = outlines()
    km2 = area_km2(shapes)
    features = [
        {
            "type": "Feature",
            "properties": {"district_code": code, "district": NAMES[code][0], "area": NAMES[code][1]},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for code, shape in shapes.items()
    ]
    shares = pd.Series([row[2] for row in SMALL_AREAS]).value_counts()
    rows = [
        (key, part, f"{NAMES[code][0]}{number}丁目", NAMES[code][1], code, "low" if key == "k51" else "high",
         "架空の根拠", *_lat_lon(key + part), f"{km2[code] / shares[code]:.9f}", "")
        for number, (key, part, code, _) in enumerate(SMALL_AREAS, start=1)
    ]  # fmt: skip
    columns = ("key_code", "part", "name", "area", "district_code", "confidence", "evidence", "lat", "lon", "km2",
               "ward_hint")  # fmt: skip
    collection = {"type": "FeatureCollection", "features": features}
    return {
        "boundaries/districts.geojson": json.dumps(collection, ensure_ascii=False).encode(),
        "boundaries/small_areas.csv": csv_bytes(columns, rows),
    }


def _lat_lon(area: str) -> tuple[float, float]:
    x, y = POINTS[area]
    return round(SOUTH + y * STEP, 5), round(WEST + x * STEP, 5)


def _population() -> Files:
    columns = ("key_code", "part", "population", "households")
    old = [
        (key, "", *counts[:2]) for key, part, _, counts in SMALL_AREAS if part != "E2"
    ]  # knew no parts yet
    new = [(key, part, *counts[2:]) for key, part, _, counts in SMALL_AREAS]
    published = ("level", "name", "reference_date", "population_basis", "counted", "population", "households",
                 "basis", "method", "reference")  # fmt: skip
    census = [
        (
            "area",
            area,
            "2020-10-01",
            "国勢調査",
            "",
            *_area_total(area),
            "published",
            "架空の値",
            "架空の資料",
        )
        for area in ("架空町", "架空村")
    ]
    register = [
        (level, name, "2019-01-01", "住民基本台帳", "外国人を含む", people, "", "published", "架空の値", "架空の資料")
        for level, name, people in (("area", "架空町", 1510), ("area", "架空村", 790), ("city", "架空市", 2300))
    ]  # fmt: skip
    return {
        "population/census2010.csv": csv_bytes(columns, old),
        "population/census2020.csv": csv_bytes(columns, new),
        "population/areas_and_city.csv": csv_bytes(published, [*census, *register]),
        "population/mesh1km_2020.csv": csv_bytes(("mesh_code", "population", "share_in_city"), MESH),
        "population/city_register_series.csv": csv_bytes(
            ("year", "population", "households"), [(2019, 2300, 880), (2020, 2290, "")]
        ),
        "population/city_census_ages.csv": csv_bytes(
            ("year", "population", "age_0_14", "age_15_64", "age_65_over"), [(2020, 2301, 201, 1100, 1000)]
        ),
    }


def _area_total(area: str) -> tuple[int, int]:
    kept = [counts for _, _, code, counts in SMALL_AREAS if NAMES[code][1] == area]
    return sum(counts[2] for counts in kept), sum(counts[3] for counts in kept)


def _records() -> Files:
    centre = ("district_code", "centre", "district", "area", "address", "lat", "lon", "town_name", "town_lon",
              "town_lat", "confidence", "note")  # fmt: skip
    spell = ("district_code", "since", "since_kind", "status", "manager", "term_end", "note", "reference")
    link = ("district_code", "council_id", "since", "until", "status", "note", "reference")
    return {
        "records/city.toml": CITY_TOML.encode(),
        "records/centres.csv": csv_bytes(centre, [
            (code, f"{name}センター", name, area, "架空市1番地", *_point(code), *_town(code), "high", "架空")
            for code, (name, area) in NAMES.items()
        ]),
        "records/branches.csv": csv_bytes(
            ("branch", "parent", "address", "lat", "lon"), [("架空分館", "架空本町", "架空市2番地", "", "")]
        ),
        "records/stations.csv": csv_bytes(
            ("station_code", "station", "kana", "line", "lat", "lon"),
            [("0", "架空", "かくう", "架空線", 35.021, 135.021)],
        ),
        "records/shelters.csv": csv_bytes(
            ("id", "kind", "name", "address", "lon", "lat", *HAZARDS, "hazards_stated", "key_code", "note"),
            [("E1", "emergency", "架空本町センター(体育館)", "架空市1番地", 135.001, 35.001,
              *("1" if hazard == "地震" else "" for hazard in HAZARDS), "1", "k11", "水害時は避難場所使用不可"),
             ("E2", "evacuation", "架空飛地センター", "架空市1番地", 135.002, 35.002, *("" for _ in HAZARDS), "0",
              "k21", "")],
        ),
        "records/clinics.csv": csv_bytes(
            ("code", "name", "address", "town_name", "town_lon", "town_lat"),
            [("990000001", "架空医院", "架空市架空新田3番地", "架空新田", 135.045, 35.025)],
        ),
        "records/transit_services.csv": csv_bytes(
            ("service", "kind", "districts", "areas", "places", "route", "days_and_runs", "minutes", "fare_yen",
             "valid", "status", "note", "source_kind", "reference", "confidence"),
            [("架空デマンド", "デマンド型乗合タクシー", "3;5", "架空村", "架空沢", "自宅から架空駅まで", "平日2便", "",
              300, "2022年4月から", "running", "架空沢は地区に結んでいない", "新聞", "架空の資料", "high")],
        ),
        "records/management.csv": csv_bytes(spell, [
            ("1", FIRST_DAY, "start", "direct", "", "", "", "架空条例"),
            ("1", "2016-04-01", "start", "community", "架空協議会", "", "", "架空の資料"),
            ("2", FIRST_DAY, "start", "direct", "", "", "", "架空条例"),
            ("3", FIRST_DAY, "start", "direct", "", "", "", "架空条例"),
            ("3", "2020-04-01", "start", "community", "両端協議会", "", "", "架空の資料"),
            ("4", FIRST_DAY, "start", "unknown", "", "", "架空の資料にない", ""),
            ("5", SPLIT_DAY, "start", "direct", "", "", "", "架空条例"),
        ]),
        "records/councils.csv": csv_bytes(
            ("council_id", "council", "established", "plan_note", "note", "confidence", "reference"),
            [("C1", "架空まちづくり協議会", "2013-04", "", "", "high", "架空の資料"),
             ("C3", "両端協議会", "", "", "", "high", "架空の資料")],
        ),
        "records/council_links.csv": csv_bytes(link, [
            ("1", "C1", "", "", "named", "2地区を受け持つ", "架空の資料"),
            ("2", "C1", "", "", "named", "2地区を受け持つ", "架空の資料"),
            ("3", "C3", "", "", "named", "", "架空の資料"),
            ("4", "", "", "", "unknown", "架空の資料にない", ""),
            ("5", "", "", "", "exists", "名前は架空の資料にない", "架空の資料"),
        ]),
    }  # fmt: skip


def _point(code: str) -> tuple[object, object]:
    return ("", "") if code == "4" else (35.0 + int(code) / 1000, 135.0 + int(code) / 1000)


def _town(code: str) -> tuple[object, object, object]:
    """Return the town of the one centre whose own point is not known, in the middle of its district."""
    return ("架空空地", 135.05, 35.015) if code == "4" else ("", "", "")


CITY_TOML = f"""
name = "架空市"
prefecture = "架空県"
code = "99999"
area_word = "地域"
area_km2_published = "{area_km2(outlines()).sum():.3f}"
area_km2_reference = "架空の面積調"
districts_published = 5
districts_reference = "架空条例"
councils_published = 3
councils_reference = "架空計画"
centres_since = {FIRST_DAY}
centres_reference = "架空条例"
management_reference = "架空条例"
lines_note = "地区の線は架空です。"
grant_rule = "hitomachi"

[cautions]
population_change = "架空の注意"

[[published_total]]
dataset = "census2020_small_areas"
population = {TOTALS[2020][0]}
households = {TOTALS[2020][1]}
reference = "架空の国勢調査 2020"

[[published_total]]
dataset = "census2010_small_areas"
population = {TOTALS[2010][0]}
households = {TOTALS[2010][1]}
reference = "架空の国勢調査 2010"

[[lineage]]
code = "5"
since = {SPLIT_DAY}
was = "3"
reference = "架空の新聞"

[[unknown]]
what = "空地地区の管理"
why = "架空の資料にない"
where = "架空市役所"
"""

RECORDS = (
    "city", "centres", "branches", "stations", "management", "councils", "council_links", "shelters", "clinics",
    "transit_services",
)  # fmt: skip
# dataset id -> file, reference date, population basis
DATASETS = {
    "districts": ("boundaries/districts.geojson", "2020-10-01", ""),
    "small_areas": ("boundaries/small_areas.csv", "2020-10-01", ""),
    "census2020_small_areas": ("population/census2020.csv", "2020-10-01", "国勢調査"),
    "census2010_small_areas": ("population/census2010.csv", "2010-10-01", "国勢調査"),
    "areas_and_city": ("population/areas_and_city.csv", "各行", ""),
    "register_series": ("population/city_register_series.csv", "2019〜2020", "住民基本台帳"),
    "mesh1km_2020": ("population/mesh1km_2020.csv", "2020-10-01", "国勢調査"),
    "city_ages": ("population/city_census_ages.csv", "2020-10-01", "国勢調査"),
    **{name: (f"records/{name}.{'toml' if name == 'city' else 'csv'}", "2024-04-01", "") for name in RECORDS},
}


def manifests(content: Mapping[str, bytes]) -> Files:
    """Return the three SOURCE.toml with the right checksum and row count of every file that is there."""
    texts = {"boundaries": "", "population": "", "records": ""}
    for name, (path, day, basis) in DATASETS.items():
        folder, _, file = path.partition("/")
        if path in content:
            texts[folder] += _entry(name, file, content[path], day, basis)
    return {f"{folder}/SOURCE.toml": text.encode() for folder, text in texts.items()}


def _entry(name: str, file: str, content: bytes, day: str, basis: str) -> str:
    values = {
        "id": name, "file": file, "publisher": "架空出版", "title": f"架空の{name}", "url": "https://example.invalid/",
        "reference_date": day, "published": "2024", "accessed": "2024", "licence": "架空", "basis": "fictional",
        "method": "試験のために作った", "population_basis": basis, "sha256": hashlib.sha256(content).hexdigest(),
    }  # fmt: skip
    lines = [f'{key} = "{value}"' for key, value in values.items()]
    return "\n".join(["[[dataset]]", *lines, f"rows = {count_rows(file, content)}", "", ""])


def write(root: Path, content: Mapping[str, bytes]) -> Path:
    """Write files and their manifests below `root` and return it."""
    for path, raw in {**manifests(content), **content}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(raw)
    return root
