from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys

import geopandas as gpd
import pytest

from kyodo_geo.model.indicators import REGISTRY

DAY = ["--on", "2024-06-01"]


def test_check_passes_on_the_shipped_data(kyodo):
    code, out, err = kyodo("check", "--format", "json")
    report = json.loads(out)
    assert (code, err, report["ok"]) == (0, "", True)
    found = {check["expected"] for check in report["checks"]}
    assert {"111,932", "42,232", "121,583", "55,942", "7,331"} <= found
    assert all(
        {"id", "label", "expected", "found", "difference", "outcome"} <= set(check)
        for check in report["checks"]
    )
    code, out, _ = kyodo("check")
    assert (code, "否 0 件" in out) == (0, True)


def test_check_fails_on_a_changed_file_and_names_it(kyodo, kyodo_refuses, fictional_data, tmp_path):
    data = shutil.copytree(fictional_data, tmp_path / "data")
    (data / "records" / "centres.csv").write_text("a\n", encoding="utf-8")
    code, out, _ = kyodo("check", "--data", data)
    assert (code, "records/centres.csv" in out) == (1, True)
    assert "records/centres.csv" in kyodo_refuses("districts", "--data", data)
    (data / "records" / "SOURCE.toml").unlink()
    assert "records/SOURCE.toml" in kyodo_refuses("check", "--data", data)


def test_districts_as_json_have_the_promised_shape(kyodo, fictional_data):
    code, out, _ = kyodo("districts", "--data", fictional_data, "--format", "json", *DAY)
    report = json.loads(out)
    assert (code, report["on"], len(report["districts"])) == (0, "2024-06-01", 5)
    assert {"district_code", "district", "area", "population", "households", "km2"} <= set(
        report["districts"][0]
    )
    assert report["sources"]


def test_districts_follow_the_day(kyodo, kyodo_refuses):
    for day, number in (("2026-11-01", 34), ("2016-10-01", 31)):
        _, out, _ = kyodo("districts", "--on", day)
        rows = list(csv.DictReader(io.StringIO(out, newline="")))
        assert len(rows) == number
        assert sum(int(row["population"]) for row in rows) == 111_932
    assert "2015-03-31" in kyodo_refuses("districts", "--on", "2015-03-31")


@pytest.mark.parametrize("form", ["geojson", "gpkg"])
def test_districts_for_a_gis_are_read_back(kyodo, tmp_path, form):
    path = tmp_path / f"d.{form}"
    assert kyodo("districts", *DAY, "--format", form, "-o", path)[0] == 0
    frame = gpd.read_file(path)
    assert frame.crs == "EPSG:4326"
    assert len(frame) == 34
    assert frame["population"].sum() == 111_932
    assert frame.geometry.is_valid.all()


def test_a_geopackage_needs_a_file(kyodo_refuses):
    assert "-o" in kyodo_refuses("districts", "--format", "gpkg", *DAY)


def test_a_csv_file_has_a_bom_and_a_pipe_has_none(kyodo, tmp_path):
    path = tmp_path / "地区.csv"
    assert kyodo("districts", *DAY, "-o", path)[:2] == (0, "")
    piped = kyodo("districts", *DAY)[1]
    assert path.read_bytes().decode("utf-8-sig").splitlines() == piped.splitlines()
    assert path.read_bytes().startswith(b"\xef\xbb\xbfdistrict_code")
    assert piped.startswith("district_code")


@pytest.mark.parametrize(
    "words",
    [
        [], ["nani"], ["districts", "--nani"], ["districts", "--format", "xml"], ["districts", "--on", "2024-13-01"],
        ["allocate", "--round", "7"], ["allocate", "--budget"], ["map"], ["map", "-o"], ["build-data"],
        ["app", "--port", "x"], ["check", "--form", "json"],
    ],
)  # fmt: skip
def test_wrong_usage_ends_with_2_and_japanese(kyodo, words):
    code, out, err = kyodo(*words)
    assert (code, out) == (2, "")
    assert err.startswith("使い方の誤り: ")
    assert "使い方:" in err
    assert not re.search(r"argument|invalid|required|expected|unrecognized|usage", err)


def test_the_map_is_one_small_file_with_the_indicators_asked_for(kyodo, tmp_path):
    path = tmp_path / "地図.html"
    assert kyodo("map", *DAY, "-o", path)[0] == 0
    assert len(REGISTRY) >= 8
    assert path.stat().st_size < 400_000
    page = path.read_text(encoding="utf-8")
    assert 'lang="ja"' in page
    assert not re.search(r"""<[^>]+\b(?:src|href)\s*=\s*["']?(?:https?:)?//""", page.split("<script>")[0])
    assert kyodo("map", "--indicator", "population", "km2", *DAY, "-o", path)[0] == 0
    found = json.loads(re.search(r'id="kyodo-payload">(.*?)</script>', path.read_text("utf-8"))[1])
    assert [one["id"] for one in found["indicators"]] == ["population", "km2"]


def test_an_unknown_indicator_writes_no_map(kyodo_refuses, tmp_path):
    assert "「nai」" in kyodo_refuses("map", "--indicator", "nai", "-o", tmp_path / "a.html")
    assert not list(tmp_path.iterdir())


def test_building_needs_the_gathered_files(kyodo_refuses, tmp_path):
    assert "nai" in kyodo_refuses("build-data", tmp_path / "nai", "--data", tmp_path)


def program(*words, **options):
    environment = {**os.environ, "PYTHONUTF8": "0", "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, "-m", "kyodo_geo", *words],
        env=environment,
        capture_output=True,
        check=False,
        **options,
    )


def test_the_program_runs_by_itself(repository):
    good = program("allocate", "--equal", "1", "--per-head", "1", "--format", "json", cwd=repository)
    assert (good.returncode, good.stderr) == (0, b"")
    assert json.loads(good.stdout)["allocated_yen"] == 34 + 111_932
    bad = program("districts", "--on", "1999-01-01", cwd=repository)
    assert (bad.returncode, bad.stdout) == (1, b"")
    assert "エラー: " in bad.stderr.decode()


@pytest.mark.skipif(os.name == "nt", reason="a closed pipe ends otherwise on Windows")
def test_a_reader_that_has_gone_is_no_error_of_ours(repository):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "kyodo_geo", "districts"],
            cwd=repository, stdout=writing, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
    finally:
        os.close(writing)
    assert "Traceback" not in done.stderr.decode()


def test_a_folder_is_no_file_to_write(kyodo_refuses, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert kyodo_refuses("districts", *DAY, "-o", ".")


@pytest.mark.parametrize("words", [["--help"], ["allocate", "--help"], ["map", "-h"]])
def test_help_is_given_and_is_good(kyodo, words):
    code, out, err = kyodo(*words)
    assert (code, err) == (0, "")
    assert "-h, --help" in out


def test_a_port_that_is_taken_is_refused(kyodo_refuses):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert port in kyodo_refuses("app", "--no-browser", "--port", port)
