"""配分試算: nothing is pre-filled, every sum adds up, and what is wrong is said in Japanese."""

from __future__ import annotations

import csv
import io

import pytest
from playwright.sync_api import expect

BUDGET, PERCENT = "予算(円)", "均等割の割合(予算のうち)(%)"


@pytest.fixture
def trial(visit):
    page = visit("trial")
    page.get_by_test_id("stAlert").wait_for()  # the last thing on the empty page
    return page


def enter(page, **amounts):
    """Type amounts and leave the field, as an officer does."""
    for label, text in amounts.items():
        field = page.get_by_label({"budget": BUDGET, "percent": PERCENT}[label])
        field.fill(text)
        field.press("Enter")


def yen(text):
    return int(text.replace("円", "").replace(",", "").replace("−", "-").strip())


def sums(page):
    """Return the figures above the table by their names."""
    page.locator(".kg-sums").wait_for()
    names = page.locator(".kg-sums dt").all_inner_texts()
    return dict(zip(names, map(yen, page.locator(".kg-sums dd").all_inner_texts()), strict=True))


def table(page):
    """Return the result table as (head, body, foot) of texts."""
    first = page.locator("table.kg-table").first
    first.locator("tfoot").wait_for()
    cells = "rows => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    return tuple(first.locator(f"{part} tr").evaluate_all(cells) for part in ("thead", "tbody", "tfoot"))


def test_no_amount_is_filled_in_on_opening(trial):
    expect(trial.get_by_label(BUDGET)).to_be_visible()
    fields = trial.get_by_test_id("stTextInput").locator("input").all()
    assert len(fields) > 2
    assert {field.input_value() for field in fields} == {""}
    expect(trial.get_by_test_id("stAlert")).to_contain_text("金額を入れると")
    assert trial.locator(".kg-sums").count() == 0


def test_an_example_is_one_click_away_and_marked(trial, idle):
    trial.get_by_role("button", name="例(架空の額): 予算").click()
    trial.locator(".kg-sums").wait_for()
    idle(trial)
    # above the sums, and above the letter of a district
    assert trial.locator(".kg-mark").all_inner_texts() == ["試算", "例・架空の額"] * 2
    assert trial.get_by_label(BUDGET).input_value() != ""
    trial.get_by_role("button", name="入力を消す").click()
    expect(trial.locator(".kg-sums")).to_have_count(0)
    assert trial.get_by_label(BUDGET).input_value() == ""


def test_the_mark_of_an_example_goes_when_an_amount_is_changed(trial):
    trial.get_by_role("button", name="例(架空の額): 予算").click()
    trial.locator(".kg-sums").wait_for()
    enter(trial, budget="12345678")
    expect(trial.locator(".kg-mark").filter(has_text="架空")).to_have_count(0)
    assert sums(trial)["予算"] == 12_345_678


@pytest.mark.parametrize("example", ["予算", "均等割"])
def test_sums_on_the_page_add_up(trial, outlines, people, example):
    trial.get_by_role("button", name=f"例(架空の額): {example}").click()
    shown = sums(trial)
    left = next(value for name, value in shown.items() if name.startswith(("端数処理", "予算の残り")))
    head, body, foot = table(trial)
    totals = [yen(row[-1]) for row in body]
    columns = {name: number for number, name in enumerate(head[0])}
    assert len(body) == len(outlines)
    assert sum(totals) == shown["配分額の合計"] == yen(foot[0][-1])
    assert shown.get("予算", shown["配分額の合計"] + left) == shown["配分額の合計"] + left
    for row in body:
        equal, by_people = (yen(row[columns[name]]) for name in ("均等割(円)", "地域割(円)"))
        assert equal + by_people == yen(row[-1])
        assert yen(row[columns["人口(人)"]]) == people[row[0]]
    assert yen(foot[0][columns["人口(人)"]]) == people["city"]


def test_full_width_digits_are_read(trial):
    enter(trial, budget="１，０００，０００", percent="５０")
    shown = sums(trial)
    assert shown["予算"] == 1_000_000
    assert sum(shown.values()) == 2_000_000


BAD = (
    ("-1000", "50", "-1000"),
    ("−2000", "50", "−2000"),
    ("1000.5", "50", "1000.5"),
    ("百万", "50", "百万"),
    ("1000000", "150", "0 から 100"),
    ("1000000", "半分", "半分"),
)


def test_what_cannot_be_is_refused_in_japanese(trial):
    for budget, percent, named in BAD:
        enter(trial, budget=budget, percent=percent)
        expect(trial.locator(".kg-error")).to_contain_text(named)
        expect(trial.locator(".kg-sums")).to_have_count(0)
        text = trial.locator("body").inner_text()
        assert [word for word in ("Traceback", "Error", "Exception") if word in text] == []
    # The form stays, so that the amount can be mended
    enter(trial, budget="1000000", percent="50")
    expect(trial.locator(".kg-error")).to_have_count(0)
    assert sums(trial)["予算"] == 1_000_000


def test_a_negative_budget_is_called_negative(trial):
    enter(trial, budget="-1000", percent="50")
    expect(trial.locator(".kg-error")).to_contain_text("負")


def test_every_unit_can_be_read_step_by_step(trial):
    trial.get_by_role("button", name="例(架空の額): 予算").click()
    trial.locator(".kg-sums").wait_for()
    steps = trial.locator("table.kg-table").nth(1).inner_text()
    for word in ("均等割", "地域割", "計算のしかた"):
        assert word in steps


def test_the_page_names_the_population_used(trial, manifests):
    census = next(entry for entry in manifests if entry["id"] == "census2020_small_areas")
    trial.get_by_role("button", name="例(架空の額): 予算").click()
    footer = trial.locator(".kg-footer").inner_text()
    for text in (census["title"], census["reference_date"], "推計"):
        assert text in footer


def test_the_csv_says_what_it_is(trial, manifests, outlines, people):
    census = next(entry for entry in manifests if entry["id"] == "census2020_small_areas")
    enter(trial, budget="20000000", percent="50")
    trial.locator(".kg-sums").wait_for()
    with trial.expect_download() as caught:
        trial.get_by_role("button", name="ダウンロード(CSV)").click()
    raw = caught.value.path().read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    said = {row[1]: row[2] for row in rows if row and not row[0] and len(row) > 2}
    assert "試算" in said["状態"]
    assert (said["人口の出典"], said["人口の基準日"]) == (census["title"], census["reference_date"])
    assert said["人口の根拠"] == "推計"
    lines = [row for row in rows if row[0] in outlines]
    assert [int(row[2]) for row in lines] == [people[row[0]] for row in lines]
    foot = {row[1]: row[-1] for row in rows if row and not row[0]}
    assert (
        sum(int(row[-1]) for row in lines)
        == int(foot["合計"])
        == 20_000_000 - int(foot["端数処理による残り"])
    )


def test_the_csv_of_an_example_says_so(trial):
    trial.get_by_role("button", name="例(架空の額): 予算").click()
    trial.locator(".kg-sums").wait_for()
    with trial.expect_download() as caught:
        trial.get_by_role("button", name="ダウンロード(CSV)").click()
    assert caught.value.suggested_filename.startswith("rei_")
    assert "架空" in caught.value.path().read_text("utf-8-sig")
