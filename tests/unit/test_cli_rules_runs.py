from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from fictional import grants

from kyodo_geo.ledger import WORKSPACE_VARIABLE, Ledger

YEAR = ["--fiscal-year", "2025"]
DAY = ["--reference-day", "2020-10-01"]
RATES = ["--set", "equal_yen=1000", "--set", "per_head_yen=12.34"]
UNITS = "unit_code,unit,population,reference_date,population_basis\n1,{},{},2025-04-01,住民基本台帳\n2,架空飛地,300,2025-04-01,住民基本台帳\n"


@pytest.fixture
def place(tmp_path):
    return tmp_path / "架空の 台帳"


@pytest.fixture
def freeze(kyodo, fictional_data, rule_file, place, tmp_path):
    """Freeze a run of two units and return its id; options come after."""

    def command(*words, people=1_200, name="架空本町", by="架空 太郎"):
        path = tmp_path / "単位.csv"
        path.write_text(UNITS.format(name, people), encoding="utf-8")
        code, out, err = kyodo(
            "runs", "freeze", "--data", fictional_data, *YEAR, "--rule", rule_file, *RATES, "--units", path, "--seen",
            "--by", by, "--workspace", place, *words,
        )  # fmt: skip
        assert (code, err) == (0, "")
        return re.fullmatch(r"確定しました。番号 ([0-9a-f]{8}).sha256 \1[0-9a-f]{56}.\n", out)[1]

    return command


@pytest.fixture
def clock(monkeypatch):
    """Set what the command line reads from the clock."""

    def at(hour):
        now = datetime(2025, 4, 1, hour, tzinfo=UTC)
        monkeypatch.setattr("kyodo_geo.cli._now", lambda: now)

    at(9)
    return at


def test_a_workspace_that_is_not_there_is_an_empty_ledger(kyodo, kyodo_refuses, place):
    assert kyodo("runs", "list", "--workspace", place) == (0, "確定した試算はまだありません。\n", "")
    assert "「abcd1234」に当たる確定がありません" in kyodo_refuses(
        "runs", "show", "abcd1234", "--workspace", place
    )
    assert not place.exists()


def test_a_run_is_frozen_listed_shown_and_compared(kyodo, freeze, place):
    old = freeze("--note", "架空の注")
    new = freeze(people=1_300)
    lines = kyodo("runs", "list", "--workspace", place)[1].splitlines()
    assert [line.split()[0] for line in lines[1:]] == [old, new]
    assert all("架空 太郎" in line for line in lines[1:])
    table = kyodo("runs", "show", old, "--workspace", place)[1]
    assert f"状態: 確定(番号 {old}" in table
    assert "架空 太郎" in table
    assert kyodo("runs", "show", old[:4], "--workspace", place)[1] == table
    code, diff, err = kyodo("runs", "diff", old, new, "--workspace", place)
    assert (code, err) == (0, "")
    assert old in diff
    assert new in diff
    assert "+1,234" in diff
    stored = Ledger(place).run(old).record
    assert (stored["frozen_by"], stored["note"], stored["status"]) == ("架空 太郎", "架空の注", "確定")
    assert datetime.fromisoformat(stored["frozen_at"]).tzinfo


def test_a_run_that_this_version_computes_otherwise_does_not_hide_the_others(
    kyodo, kyodo_refuses, freeze, place
):
    good = freeze()
    record = Ledger(place).run(good).record
    record["lines"][0]["total_yen"] += 1
    other = Ledger(place).freeze(record).run_id
    code, out, _ = kyodo("runs", "list", "--workspace", place)
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()[1:]] == [good, f"{other}:"]
    assert "記録と違う額" in kyodo_refuses("runs", "show", other, "--workspace", place)
    stored = kyodo("runs", "show", other, "--format", "record", "--workspace", place)[1]
    assert json.loads(stored)["lines"] == record["lines"]


def test_a_frozen_run_comes_in_every_form_and_always_as_the_same_bytes(kyodo, freeze, place, tmp_path, clock):
    run_id = freeze()
    forms = ("table", "csv", "json", "record", "xlsx")

    def written(folder):
        folder.mkdir()
        for form in forms:
            words = ["runs", "show", run_id, "--format", form, "-o", folder / form, "--workspace", place]
            assert kyodo(*words) == (0, "", "")
        return {form: (folder / form).read_bytes() for form in forms}

    first = written(tmp_path / "first")
    clock(10)
    freeze(people=1_300)
    assert written(tmp_path / "second") == first
    report = json.loads(first["json"])
    assert (report["status"], report["run_id"]) == ("確定", run_id)
    assert [line["total_yen"] for line in report["lines"]] == [15_808, 4_702]
    assert first["record"] == Ledger(place).run(run_id).content
    assert json.loads(first["record"])["rule"]["text"] == grants.RULE
    piped = kyodo("runs", "show", run_id, "--format", "record", "--workspace", place)[1]
    assert piped.encode() == first["record"]
    assert first["csv"].startswith(b"\xef\xbb\xbf")


def test_the_same_run_at_the_same_moment_is_one_run(freeze, place, clock):
    first = freeze()
    assert freeze() == first
    clock(10)
    assert freeze() != first
    assert len(Ledger(place).runs()) == 2


def test_a_workbook_of_a_frozen_run_needs_a_file(kyodo_refuses, freeze, place):
    run_id = freeze()
    assert "-o" in kyodo_refuses("runs", "show", run_id, "--format", "xlsx", "--workspace", place)


def test_a_failed_check_stops_the_freezing_and_leaves_no_ledger(kyodo_refuses, fictional_data, place):
    words = [
        "runs",
        "freeze",
        "--data",
        fictional_data,
        *YEAR,
        *RATES,
        "--workspace",
        place,
        "--by",
        "架空",
        "--seen",
    ]
    reason = kyodo_refuses(*words)
    assert "確定できません" in reason
    assert "人口の基準日" in reason
    assert not place.exists()


def test_the_city_itself_can_be_frozen_once_the_day_is_supplied(kyodo, fictional_data, place):
    words = [*YEAR, *DAY, *RATES, "--workspace", place, "--by", "架空", "--data", fictional_data]
    code, _, err = kyodo("runs", "freeze", *words)
    assert (code, "--seen を付けて" in err, "基準日" in err) == (1, True, True)
    assert Ledger(place).runs() == ()
    words.append("--seen")
    assert kyodo("runs", "freeze", *words)[0] == 0
    ((run_id, _, content),) = [(one.run_id, one.sha256, one.content) for one in Ledger(place).runs()]
    assert run_id in kyodo("runs", "show", run_id, "--workspace", place)[1]
    assert len(json.loads(content)["lines"]) == 5
    assert "人口の基準日(規則に定めなし)" in json.loads(content)["seen"]


def test_nobody_cannot_freeze(kyodo, kyodo_refuses, fictional_data, place):
    words = ["runs", "freeze", "--data", fictional_data, *YEAR, *DAY, *RATES, "--seen", "--workspace", place]
    assert "名前" in kyodo_refuses(*words, "--by", " ")
    code, _, err = kyodo(*words)
    assert (code, "--by" in err) == (2, True)


def test_a_frozen_run_is_last_year_of_the_next(kyodo, freeze, place, rule_file, fictional_data):
    run_id = freeze()
    units = rule_file.with_name("単位.csv")
    units.write_text(UNITS.format("架空本町", 600), encoding="utf-8")
    words = ["allocate", "--data", fictional_data, *YEAR, "--rule", rule_file, *RATES, "--units", units]
    words += ["--last-year", run_id, "--workspace", place, "--format", "json"]
    report = json.loads(kyodo(*words, "--protect", "100")[1])
    assert [line["total_yen"] for line in report["lines"]] == [15_808, 4_702]
    flagged = json.loads(kyodo(*words)[1])
    assert next(one for one in flagged["checks"] if one["id"] == "change")["reference"] == "架空本町"


def test_a_run_that_is_not_there_is_refused(kyodo_refuses, freeze, place, fictional_data):
    run_id = freeze()
    other = "0" * 8 if run_id != "0" * 8 else "1" * 8
    for words in (
        ["show", other],
        ["diff", run_id, other],
        ["diff", other, run_id],
        ["show", "abc"],
        ["show", ""],
    ):
        assert "番号" in kyodo_refuses("runs", *words, "--workspace", place)
    words = ["allocate", "--data", fictional_data, *YEAR, *RATES, "--last-year", other, "--workspace", place]
    assert other in kyodo_refuses(*words)


def test_runs_of_other_units_have_no_difference_to_show(kyodo_refuses, freeze, place, kyodo, fictional_data):
    one = freeze()
    words = ["--data", fictional_data, *YEAR, *DAY, *RATES, "--workspace", place, "--by", "架空", "--seen"]
    out = kyodo("runs", "freeze", *words)[1]
    other = re.search("番号 ([0-9a-f]{8})", out)[1]
    assert re.search(
        "そろっていません|数え方が違う", kyodo_refuses("runs", "diff", one, other, "--workspace", place)
    )


def test_a_file_in_the_place_of_the_workspace_is_refused(kyodo_refuses, place, fictional_data):
    place.write_text("x", encoding="utf-8")
    words = ["--data", fictional_data, *YEAR, *DAY, *RATES, "--seen", "--by", "架空", "--workspace", place]
    for command in (
        ["freeze", *words],
        ["list", "--workspace", place],
        ["show", "abcd1234", "--workspace", place],
    ):
        assert "ファイルです" in kyodo_refuses("runs", *command)
    below = place / "nai"
    assert str(below) in kyodo_refuses("runs", "freeze", *words[:-1], below)
    assert place.read_text(encoding="utf-8") == "x"


def test_a_ledger_of_somebody_else_is_refused_and_left_alone(kyodo_refuses, place):
    place.mkdir()
    (place / "ledger.sqlite3").write_bytes(b"not a ledger at all" * 100)
    assert "台帳" in kyodo_refuses("runs", "list", "--workspace", place)
    assert (place / "ledger.sqlite3").read_bytes() == b"not a ledger at all" * 100


def test_the_workspace_can_be_named_by_the_environment(kyodo, freeze, place, monkeypatch):
    run_id = freeze()
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(place))
    assert run_id in kyodo("runs", "list")[1]


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", '"><script>'])
def test_a_name_that_is_a_formula_stays_text_in_a_frozen_run(kyodo, freeze, place, name):
    run_id = freeze(name=name.replace('"', ""), by=name)
    assert Ledger(place).run(run_id).record["frozen_by"] == name
    out = kyodo("runs", "show", run_id, "--format", "csv", "--workspace", place)[1]
    assert not re.search(r"(?:^|,)[=@]", out, re.MULTILINE)


@pytest.mark.parametrize(
    "words",
    [
        ["rules"], ["runs"], ["rules", "nani"], ["runs", "nani"], ["rules", "show"], ["rules", "check"], ["runs", "show"],
        ["runs", "diff", "abcd1234"], ["runs", "show", "a", "--format", "pdf"], ["runs", "list", "--nani"],
        ["runs", "freeze", "--by"], ["runs", "freeze"], ["allocate", "--paid-by", "nobody"],
    ],
)  # fmt: skip
def test_wrong_usage_ends_with_2_and_japanese(kyodo, words):
    code, out, err = kyodo(*words)
    assert (code, out) == (2, "")
    assert err.startswith("使い方の誤り: ")
    assert not re.search(r"argument|invalid|required|expected|unrecognized|usage", err)


@pytest.mark.parametrize(
    "words", [["rules"], ["rules", "show"], ["runs"], ["runs", "freeze"], ["runs", "diff"]]
)
def test_help_is_given(kyodo, words):
    code, out, err = kyodo(*words, "--help")
    assert (code, err) == (0, "")
    assert "-h, --help" in out
