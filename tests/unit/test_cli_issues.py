"""indicators, priority and sample on the command line, and the tables that --ages and --vacancy open."""

from __future__ import annotations

import csv
import io
import json

import pytest

from kyodo_geo.model.indicators import REGISTRY
from kyodo_geo.provenance import Basis

DAY = ["--on", "2026-11-24"]


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    from kyodo_geo.cli import main  # noqa: PLC0415 - only those who ask pay for it

    folder = tmp_path_factory.mktemp("体験") / "中"
    assert main(["sample", "-o", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def tables(pack):
    ages = sorted(str(path) for path in pack.glob("*tblT*"))
    return ["--ages", *ages, "--vacancy", str(next(pack.glob("*空き家*"))), "--whole-city"]


def rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_registered_indicator_is_listed_with_its_meaning(kyodo):
    code, out, err = kyodo("indicators", *DAY, "--format", "json")
    assert (code, err) == (0, "")
    record = json.loads(out)
    assert [one["id"] for one in record["indicators"]] == [item.id for item in REGISTRY]
    for one in record["indicators"]:
        assert one["definition"]
        assert one["direction"] in {"大きいほど課題が重い", "小さいほど課題が重い", "向きなし"}
        for year in one["years"]:
            assert year["basis"]
            assert year["sources"]
            assert year["reference_date"]
    assert not any(one["years"] for one in record["indicators"] if one["id"].startswith("vaca"))


def test_an_unknown_is_never_a_number_in_the_table(kyodo):
    _, out, _ = kyodo("indicators", *DAY, "--format", "csv")
    found = rows(out)
    unknown = [row for row in found if row["不明の理由"]]
    assert unknown
    for row in unknown:
        assert (row["値"], row["根拠"]) == ("", "不明")
    for row in found:
        if not row["不明の理由"]:
            assert row["値"] != ""
            assert row["根拠"] in {basis.label for basis in Basis}
            assert "架空" not in "".join(row.values())


def test_districts_are_chosen_by_code_and_strangers_refused(kyodo, kyodo_refuses):
    code, out, _ = kyodo("indicators", *DAY, "--districts", "05", "12")
    assert code == 0
    assert "狐禅寺" in out
    assert "花泉" not in out.splitlines()[0]
    said = kyodo_refuses("indicators", *DAY, "--districts", "05", "99", "甲")
    assert "「99」" in said
    assert "「甲」" in said


def test_what_stands_on_the_sample_says_fictional_in_every_row(kyodo, tables):
    code, out, err = kyodo("indicators", *DAY, "--format", "csv", *tables)
    assert (code, err) == (0, "")
    touched = [row for row in rows(out) if row["指標"] in {"高齢化率", "空き家率"} and row["年"] != "2010"]
    assert {row["年"] for row in touched} == {"2015", "2020", "2023"}
    assert all(row["印"] == "架空" for row in touched if not row["不明の理由"])
    others = [row for row in rows(out) if row["指標"].startswith("人口")]
    assert not any(row["印"] == "架空" for row in others)


def test_the_map_of_the_sample_carries_the_word(kyodo, tables, tmp_path):
    path = tmp_path / "架空.html"
    code, _, err = kyodo("map", *DAY, *tables, "--indicator", "ageing_rate", "vacancy_rate", "-o", path)
    assert (code, err) == (0, "")
    page = path.read_text(encoding="utf-8")
    assert '"fictional":true' in page
    assert "体験用データ" in page
    plain = tmp_path / "実際.html"
    assert kyodo("map", *DAY, "--indicator", "population", "-o", plain)[0] == 0
    assert '"fictional":true' not in plain.read_text(encoding="utf-8")


def test_a_choice_comes_back_from_its_own_file(kyodo, tmp_path):
    _, written, _ = kyodo("priority", *DAY, "--format", "toml")
    path = tmp_path / "優先度.toml"
    path.write_text(written, encoding="utf-8")
    assert kyodo("priority", *DAY, "--config", path, "--format", "toml")[1] == written
    assert kyodo("priority", *DAY, "--config", path)[1] == kyodo("priority", *DAY)[1]


def test_a_choice_that_cannot_be_read_is_refused(kyodo_refuses, tmp_path):
    path = tmp_path / "壊れた.toml"
    path.write_bytes(b"method = 'x'\nitems = []\n")
    assert "壊れた.toml" in kyodo_refuses("priority", *DAY, "--config", path)
    path.write_bytes("設定".encode("cp932"))
    assert "UTF-8" in kyodo_refuses("priority", *DAY, "--config", path)
    assert "ghost.toml" in kyodo_refuses("priority", *DAY, "--config", tmp_path / "ghost.toml")


def test_opened_tables_can_be_weighed(kyodo, tables, tmp_path):
    path = tmp_path / "高齢化.toml"
    path.write_text(
        '[[items]]\nindicator = "ageing_rate"\ndirection = "high"\nweight = 1\n', encoding="utf-8"
    )
    code, out, err = kyodo("priority", *DAY, "--config", path, *tables)
    assert (code, err) == (0, "")
    assert out.startswith("優先度(架空)")
    assert "開いたファイル 架空_tblT001082" in out


def test_the_sample_is_written_whole_and_never_silently_into_a_file(kyodo, kyodo_refuses, pack, tmp_path):
    assert len(list(pack.iterdir())) == 6
    assert all("架空" in path.name for path in pack.iterdir())
    blocked = tmp_path / "場所"
    blocked.write_text("ここはファイル", encoding="utf-8")
    assert "場所" in kyodo_refuses("sample", "-o", blocked)
    assert blocked.read_text(encoding="utf-8") == "ここはファイル"


def test_a_table_that_is_none_is_refused_with_its_name(kyodo_refuses, tmp_path):
    path = tmp_path / "年齢.csv"
    path.write_text("これは表ではありません\n", encoding="utf-8")
    assert "年齢.csv" in kyodo_refuses("indicators", *DAY, "--ages", path)
    assert "空き家.xlsx" in kyodo_refuses("indicators", *DAY, "--vacancy", tmp_path / "空き家.xlsx")
