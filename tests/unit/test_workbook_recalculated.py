"""The workbook in LibreOffice: with nothing changed it gives its cached values; with an input changed, the engine's."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction

import pytest
from openpyxl import load_workbook

from kyodo_geo.model.allocation import allocate
from kyodo_geo.model.grants import GrantRun, LastYear, PopulationUsed
from kyodo_geo.model.measures import Unit
from kyodo_geo.model.run_checks import run_checks
from kyodo_geo.model.scenario import Scenario
from kyodo_geo.present.workbook import workbook_bytes
from kyodo_geo.present.workbook.build import build
from kyodo_geo.provenance import Basis
from kyodo_geo.rules.book import RuleBook, parse_rule
from kyodo_geo.rules.formula import Leftover, LeftoverMethod, PaidBy, Transition
from kyodo_geo.rules.rounding import Direction, Rounding

WRITTEN = datetime(2026, 11, 23, 22, 0)  # noqa: DTZ001 - a workbook knows no time zone
HEAD = """
id = "kasou"
title = "架空の補助金"
instrument = "架空の要綱"
url = "https://example.invalid/"
in_force = 2015-04-01
summary = "試験のための架空の規則"
[counting]
reference_day = "10-01"
reference_year = -5
counted_by = "census"
"""


def value(name: str, amount: str, unit: str = "円") -> str:
    body = f'fraction = "{amount}"' if "/" in amount else f"amount = {amount}"
    return f'\n[[value]]\nname = "{name}"\nlabel = "{name}の値"\nunit = "{unit}"\nsince = 2015-04-01\n{body}\nreference = "第1条"\n'


def term(term_id: str, kind: str, body: str) -> str:
    return f'\n[[term]]\nid = "{term_id}"\nlabel = "{term_id}割"\nkind = "{kind}"\n{body}\n'


def kasou(text: str):
    return parse_rule(HEAD + text, name="kasou.toml")


HITOMACHI = RuleBook.load().rule("hitomachi")
RATES = kasou(
    value("per_head", "0.29") + value("house", "2/3") + value("acre", "0.07")
    + term("people", "population", 'amount = { rate = "per_head" }\nrounding = { unit_yen = 1, direction = "half-up" }')
    + term("house", "households", 'amount = { rate = "house" }\nrounding = { unit_yen = 10, direction = "ceil" }')
    + term("area", "area", 'amount = { rate = "acre" }\nper = "100"')
)  # fmt: skip
BANDS = kasou(
    value("small", "1000000") + value("large", "3000000") + value("bound", "1000", "人")
    + term("flat", "flat", 'amount = { rate = "small" }')
    + term("bands", "bands", 'measure = "population"\namount = { rate = "1" }\nbands = [{ from = 0, value = "small" }, { from = "bound", value = 2000000 }, { from = 5000, value = "large" }]')
    + '\n[[addon]]\nid = "tiny"\nlabel = "小規模加算"\nmeasure = "population"\nbelow = 500\nvalue = 30000\n'
)  # fmt: skip
FULL = kasou(
    value("rate", "350.5") + value("ratio", "35.5", "人") + value("km", "1200") + value("least", "80", "%")
    + value("floor", "250000") + value("cap", "2500000")
    + term("people", "population", 'amount = { rate = "rate" }\nper = "ratio"\nbeyond = 100\nstep = 10\ncoefficient = "hosei"\nfloor = { value = 1000.5 }\ncap = { value = 90000 }\nrounding = { unit_yen = 1, direction = "floor" }')
    + term("old", "elderly", 'age = 65\namount = { rate = "12" }\ncoefficient_by = { measure = "ageing_percent", bands = [{ from = 0, value = 0.9 }, { from = 33.3, value = 1.15 }] }')
    + term("far", "distance", 'amount = { rate = "km" }\nby_months = false\ncap = { percent = 50, of = "people" }')
    + term("fixed", "table", 'amount = { rate = "1" }\ntable = { ' + ", ".join(f'"{i:02}" = {i * 1000}' for i in range(1, 13)) + " }")
    + '\n[unit]\nrounding = { unit_yen = 1000, direction = "half-up" }\nfloor = { value = "floor", paid_by = "extra" }\ncap = { value = "cap" }\ntransition = { percent = "least", paid_by = "extra" }\n'
    + '\n[instalments]\nmonths = [4, 10]\nunit_yen = 1000\n'
)  # fmt: skip
SHARES = kasou(
    value("even", "30", "%") + value("people", "50", "%") + value("land", "1500000.5")
    + term("equal", "equal", 'amount = { share = "even" }')
    + term("pop", "population", 'amount = { share = "people" }')
    + term("land", "equal", 'amount = { fixed = "land" }')
    + term("house", "households", "amount = { rest = true }")
    + '\n[unit]\nrounding = { unit_yen = 1000, direction = "floor" }\n[total]\nrounding = { unit_yen = 10000, direction = "floor" }\nleftover = { method = "largest-remainder" }\n'
)  # fmt: skip
LAND = kasou(
    value("land", "40", "%")
    + term("land", "area", 'amount = { share = "land" }\nrounding = { unit_yen = 100, direction = "floor" }')
    + term("people", "population", 'amount = { rest = true }\nrounding = { unit_yen = 100, direction = "floor" }')
    + '\n[total]\nleftover = { method = "largest-remainder" }\n'
)  # fmt: skip


def units(count: int = 12, **changed: int) -> list[Unit]:
    made = []
    for i in range(1, count + 1):
        people = 300 + (i * 7919) % 8700
        measures = {
            "households": people * 10 // 27,
            "age_65_over": people * (25 + i * 7 % 20) // 100,
            "area_m2": Fraction(people * 113 + i, 4),
            "distance_km": Fraction(i * 37, 10),
            "hosei": Fraction(90 + i, 100),
        }
        months = 7 if i == 5 else 12
        made.append(Unit(f"{i:02}", f"架空{i}", changed.get(f"p{i:02}", people), measures, months))
    return made


def plain_units(count: int = 34, **changed: int) -> list[Unit]:
    return [replace(unit, measures={}, months=12) for unit in units(count, **changed)]


def run_of(
    rule, scenario: Scenario, of: list[Unit], last: Mapping[str, int] | None = None, **used
) -> GrantRun:
    allocation = allocate(of, scenario.settle(rule), last_year_yen=last)
    given = {
        "expected_codes": tuple(unit.code for unit in of),
        "published_total": sum(unit.population for unit in of),
    } | used
    population = PopulationUsed(
        "架空の国勢調査", "2020-10-01", "国勢調査", Basis.FICTIONAL, note="架空", **given
    )
    before = LastYear("前年(架空)", last) if last else None
    return GrantRun(
        rule, scenario, allocation, population, run_checks(allocation, scenario, population, before), before
    )


@dataclass(frozen=True)
class Case:
    """A run as written, the edits of its inputs (前提 by label, 人口 by code), and the run they should lead to."""

    written: GrantRun
    wanted: GrantRun
    premises: Mapping[str, float] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)


def city(**given) -> Scenario:
    return Scenario(given.pop("rule_id", "kasou"), 2025, **given)


def hitomachi_cases() -> dict[str, Case]:
    largest = Leftover(LeftoverMethod.LARGEST_REMAINDER)
    both = {"rule_id": "hitomachi", "place": "term", "rounding": Rounding(100), "leftover": largest}
    start = city(budget_yen=20_000_000, supplied={"equal_percent": Fraction(50)}, **both)
    other = city(budget_yen=21_234_567, supplied={"equal_percent": Fraction("37.25")}, **both)
    sums = {**both, "place": "unit"}
    summed = city(budget_yen=20_000_000, supplied={"equal_percent": Fraction(50)}, **sums)
    other_sum = city(budget_yen=987_654_321, supplied={"equal_percent": Fraction("12.5")}, **sums)
    rates = city(
        rule_id="hitomachi",
        place="unit",
        supplied={"equal_yen": Fraction(300_000), "per_head_yen": Fraction("0.29")},
    )
    decimals = city(
        rule_id="hitomachi",
        place="unit",
        supplied={"equal_yen": Fraction("300000.7"), "per_head_yen": Fraction("8.3")},
    )
    edit = {"予算": 21_234_567, "均等割の割合(予算のうち)": 37.25}
    edit_sum = {"予算": 987_654_321, "均等割の割合(予算のうち)": 12.5}
    edit_rates = {"均等割(1地区当たり)": 300_000.7, "地域割(1人当たり)": 8.3}
    new = {"p03": 4321, "p07": 4321}
    codes = {"03": 4321, "07": 4321}
    mine, theirs = plain_units(), plain_units(**new)
    total = sum(unit.population for unit in mine)
    named = replace(start, leftover=Leftover(LeftoverMethod.UNIT, "09"))
    return {
        "budget and percent": Case(run_of(HITOMACHI, start, mine), run_of(HITOMACHI, other, theirs, published_total=total), edit, codes),
        "one rounding of the sum": Case(run_of(HITOMACHI, summed, mine), run_of(HITOMACHI, other_sum, mine), edit_sum),
        "rates": Case(run_of(HITOMACHI, rates, mine), run_of(HITOMACHI, decimals, theirs, published_total=total), edit_rates, codes),
        "one unit takes the rest": Case(run_of(HITOMACHI, named, mine), run_of(HITOMACHI, replace(other, leftover=named.leftover), mine), edit),
    }  # fmt: skip


def own_cases() -> dict[str, Case]:
    last = {f"{i:02}": 200_000 + i * 54_321 for i in range(1, 12)}
    gain = Transition(Fraction(80), PaidBy.GAINERS)
    before = {f"{i:02}": 2_800_000 + (i % 3) * 500_000 for i in range(1, 13)}
    mine = units()
    rates = rates_with("1.29", "3/7", "0.075")
    bands = bands_with(1500, 1_100_000)
    full = full_with("410.25", "33.3", 85)
    shares = shares_with("25.5", 1_600_000)
    banded, changed_bands = city(transition=gain), city(transition=replace(gain, percent=Fraction(75)))
    total = sum(unit.population for unit in mine)
    wide = [replace(unit, measures={"area_m2": unit.population * 9_973 + 1}, months=12) for unit in mine]
    land = changed_rule(LAND, ("amount = 40\n", "amount = 37.75\n"))
    old = run_of(FULL, city(), mine, last)
    return {
        "decimals": Case(
            run_of(RATES, city(), mine), run_of(rates, city(), mine),
            {"per_headの値": 1.29, "houseの値": (3, 7), "acreの値": 0.075},
        ),
        "bands": Case(
            run_of(BANDS, city(), mine), run_of(bands, city(), units(p03=499, p04=1500), published_total=total),
            {"boundの値": 1500, "smallの値": 1_100_000}, {"03": 499, "04": 1500},
        ),
        "gainers": Case(
            run_of(BANDS, banded, mine, before), run_of(bands, changed_bands, mine, before),
            {"boundの値": 1500, "smallの値": 1_100_000, "経過措置(前年の何 % を下回らないか)": 75},
        ),
        "everything": Case(
            old, run_of(full, city(), units(p02=5555), last, published_total=total),
            {"rateの値": 410.25, "ratioの値": 33.3, "leastの値": 85}, {"02": 5555},
        ),
        "square metres of a budget, in two steps": Case(
            run_of(LAND, city(budget_yen=300_000_007), wide), run_of(land, city(budget_yen=412_345_679), wide),
            {"予算": 412_345_679, "landの値": 37.75},
        ),
        "shares": Case(
            run_of(SHARES, city(budget_yen=23_456_789), mine), run_of(shares, city(budget_yen=34_567_891), mine),
            {"予算": 34_567_891, "evenの値": 25.5, "landの値": 1_600_000},
        ),
    }  # fmt: skip


def changed_rule(rule, *pairs: tuple[str, str]):
    text = rule.text
    for old, new in pairs:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    return parse_rule(text, name="kasou.toml")


def rates_with(per_head: str, house: str, acre: str):
    pairs = [("amount = 0.29", f"amount = {per_head}"), ('fraction = "2/3"', f'fraction = "{house}"')]
    return changed_rule(RATES, *pairs, ("amount = 0.07", f"amount = {acre}"))


def bands_with(bound: int, small: int):
    return changed_rule(
        BANDS, ("amount = 1000\n", f"amount = {bound}\n"), ("amount = 1000000", f"amount = {small}")
    )


def full_with(rate: str, ratio: str, least: int):
    pairs = [("amount = 350.5", f"amount = {rate}"), ("amount = 35.5", f"amount = {ratio}")]
    return changed_rule(FULL, *pairs, ("amount = 80\n", f"amount = {least}\n"))


def shares_with(even: str, land: int):
    return changed_rule(
        SHARES, ("amount = 30\n", f"amount = {even}\n"), ("amount = 1500000.5", f"amount = {land}")
    )


def rounding_cases() -> dict[str, Case]:
    found = {}
    for direction in Direction:
        scenario = city(place="unit", rounding=Rounding(10, direction))
        other = replace(scenario, rounding=Rounding(1000, direction))
        edit = {f"合計額の端数処理(円未満{direction.label})": 1000, "per_headの値": 1.29}
        wanted = run_of(changed_rule(RATES, ("amount = 0.29", "amount = 1.29")), other, units())
        found[f"rounding {direction}"] = Case(run_of(RATES, scenario, units()), wanted, edit)
    return found


CASES = {**hitomachi_cases(), **own_cases(), **rounding_cases()}


def edited(case: Case) -> bytes:
    """Change input cells as a person would; openpyxl drops the cached values, so that nothing stale can pass."""
    book = load_workbook(io.BytesIO(workbook_bytes(case.written, written_on=WRITTEN)))
    sheet = book["前提"]
    rows = {sheet.cell(row, 2).value: row for row in range(1, sheet.max_row + 1)}
    for label, new in case.premises.items():
        pair = new if isinstance(new, tuple) else None
        for column, number in ((5, pair[0]), (6, pair[1])) if pair else ((3, new),):
            sheet.cell(rows[label], column).value = number
    people = book["人口"]
    rows = {people.cell(row, 1).value: row for row in range(1, people.max_row + 1)}
    for code, count in case.people.items():
        people.cell(rows[code], 3).value = count
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""


@pytest.fixture(scope="session")
def recalculated(tmp_path_factory) -> dict[str, object]:
    """All workbooks, as written and with edited inputs, recalculated by LibreOffice in one go."""
    office = shutil.which("soffice")
    if office is None:
        said = "LibreOffice (soffice) がないので、表計算での再計算を確かめていません"
        if os.environ.get("KYODO_GEO_CI"):
            pytest.fail(said)
        pytest.skip(said)
    home = tmp_path_factory.mktemp("office")
    for name in ("in", "out", "profile/user"):
        (home / name).mkdir(parents=True)
    (home / "profile/user/registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
    for number, case in enumerate(CASES.values()):
        (home / f"in/same{number}.xlsx").write_bytes(workbook_bytes(case.written, written_on=WRITTEN))
        (home / f"in/edit{number}.xlsx").write_bytes(edited(case))
    files = sorted(str(path) for path in (home / "in").iterdir())
    profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(home / "out"),
        *files,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return {path.stem: load_workbook(path, data_only=True) for path in (home / "out").iterdir()}


def place(name: str) -> int:
    return list(CASES).index(name)


def test_every_formula_stage_of_the_cases_is_live():
    for name, case in CASES.items():
        assert not build(case.written).book.reasons, name


@pytest.mark.parametrize("name", CASES)
def test_without_a_change_every_cell_recalculates_to_its_cached_value(recalculated, name):
    cached = load_workbook(
        io.BytesIO(workbook_bytes(CASES[name].written, written_on=WRITTEN)), data_only=True
    )
    fresh = recalculated[f"same{place(name)}"]
    for sheet in cached.sheetnames:
        for row in cached[sheet].iter_rows():
            for cell in row:
                found = fresh[sheet].cell(cell.row, cell.column).value
                assert alike(found, cell.value), (sheet, cell.coordinate, found, cell.value)


def alike(found: object, wanted: object) -> bool:
    if found in {None, ""} and wanted in {None, ""}:
        return True
    if isinstance(wanted, float) and isinstance(found, int | float):
        return found == pytest.approx(wanted, rel=1e-12, abs=1e-9)
    return found == wanted


@pytest.mark.parametrize("name", CASES)
def test_a_changed_input_recalculates_to_what_the_tool_gives(recalculated, name):
    case, book = CASES[name], recalculated[f"edit{place(name)}"]
    sheet = book["計算"]
    heads = {sheet.cell(3, column).value: column for column in range(1, sheet.max_column + 1)}
    wanted = case.wanted.allocation
    written = {step.id: step.label for step in case.written.allocation.columns}
    for step in wanted.columns:
        if step.id in written and step.label in heads:
            column = [sheet.cell(6 + row, heads[step.label]).value for row in range(len(wanted.units))]
            for found, exact in zip(column, step.values.fractions(), strict=True):
                assert found == (
                    int(exact) if exact.denominator == 1 else pytest.approx(float(exact), rel=1e-12)
                ), step.label
    left = next(
        sheet.cell(row, heads["合計"]).value
        for row in range(6, 60)
        if sheet.cell(row, 2).value == "残りの合計"
    )
    assert left == pytest.approx(float(wanted.leftover_exact), rel=1e-12, abs=1e-8)
    assert case.wanted.allocation.totals_yen != case.written.allocation.totals_yen


@pytest.mark.parametrize("name", CASES)
def test_a_changed_input_gives_the_verdicts_of_the_tool(recalculated, name):
    case, sheet = CASES[name], recalculated[f"edit{place(name)}"]["検算"]
    found = {sheet.cell(row, 2).value: sheet.cell(row, 5).value for row in range(6, sheet.max_row + 1)}
    how = {sheet.cell(row, 2).value: sheet.cell(row, 6).value for row in range(6, sheet.max_row + 1)}
    words = {"pass": "合", "fail": "否", "note": "注意"}
    for check in case.wanted.checks:
        wanted = words[check.outcome] if how[check.label] == "式" else "変更あり"
        assert found.pop(check.label) == wanted, check.label
    assert set(found.values()) <= {"合", "変更あり", None}, found
    assert found["前提・人口・前年の額が書き出し時のまま"] == "変更あり"
