"""The pages of 配分 in a real browser: from an amount to a signed record, by mouse, by keyboard, and on a phone."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from on_map import fills
from playwright.sync_api import expect
from running_app import RunningApp
from test_app_address import go_to
from test_app_reach import PHONE, english, settle, visible_text
from test_app_trial import BUDGET, PERCENT, enter, sums, yen

SOUND = (
    "rule=hitomachi&fy=2025&pop=census2020_small_areas&budget=20000000&set.equal_percent=50"
    "&place=term&round=1&direction=floor&day=2020-10-01"
)
OTHER = SOUND.replace("percent=50", "percent=30")
# Columns of a table that the officer writes: the names stand on the page because they must stand in the file
COLUMNS = {
    "unit_code", "district_code", "unit", "population", "households", "area_m2", "age_65_over", "months",
    "last_year_yen", "total_yen",
}  # fmt: skip
UNITS = "unit_code,unit,population,households\nA,架空一区,100,40\nB,架空二区,60,20\n"


def asked(path, *scenarios):
    return f"{path}?{'&'.join(f's={quote(one)}' for one in scenarios)}"


def address(page):
    """Return the scenarios of the address."""
    return [text for key, text in parse_qsl(urlsplit(page.url).query) if key == "s"]


def rows_of(page, caption):
    """Return the texts of a table's body by the words of its caption."""
    table = page.locator("table.kg-table").filter(has=page.locator("caption", has_text=caption)).first
    table.wait_for()
    return table.locator("tbody tr").evaluate_all(
        "rows => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    )


def download(page, label):
    with page.expect_download() as caught:
        page.get_by_role("button", name=label, exact=True).click()
    return caught.value.suggested_filename, caught.value.path().read_bytes()


def whole_form(page):
    """Wait until every part of the form stands: the browser fetches the code of each kind of field as it needs it."""
    page.get_by_test_id("stAlert").wait_for()
    for label in ("規則", "年度", "人口", BUDGET, "端数処理", "残りの扱い"):
        page.get_by_label(label, exact=True).wait_for()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def open_extras(page):
    page.get_by_text("前年・経過措置・基準日・名前").click()
    expect(page.get_by_label("この試算の名前")).to_be_visible()


def put_aside(page):
    page.get_by_role("button", name="比較に加える", exact=True).click()
    expect(page.get_by_role("button", name="比較に加えました")).to_be_disabled()


@pytest.fixture
def trial(visit):
    page = visit("trial")
    whole_form(page)
    return page


def test_an_example_becomes_a_workbook(trial):
    trial.get_by_role("button", name="例(架空の額): 予算").click()
    sums(trial)
    name, raw = download(trial, "ダウンロード(Excel)")
    assert name.startswith("rei_")
    assert name.endswith(".xlsx")
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        assert book.testzip() is None
        assert "xl/workbook.xml" in book.namelist()


def test_the_sums_of_the_csv_are_those_of_the_page(trial, outlines):
    enter(trial, budget="20000000", percent="50")
    shown = sums(trial)
    rows = list(csv.reader(io.StringIO(download(trial, "ダウンロード(CSV)")[1].decode("utf-8-sig"))))
    lines = [row for row in rows if row and row[0] in outlines]
    assert len(lines) == len(outlines)
    assert sum(int(row[-1]) for row in lines) == shown["配分額の合計"]
    assert [row[-1] for row in lines] == [str(yen(row[-1])) for row in rows_of(trial, "各単位の試算")]


def test_a_saved_trial_is_opened_for_comparing(trial, visit):
    enter(trial, budget="20000000", percent="50")
    sums(trial)
    name, raw = download(trial, "試算を保存")
    page = visit("compare")
    page.get_by_role("button", name="保存した試算を読み込む").click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": name, "mimeType": "application/json", "buffer": raw}
    )
    assert len(rows_of(page, "試算のまとめ")) == 1
    assert address(page) == json.loads(raw)["scenarios"]


def test_from_two_trials_to_a_map_and_back_with_one_click(trial, idle, outlines):
    enter(trial, budget="20000000", percent="50")
    sums(trial)
    put_aside(trial)
    enter(trial, percent="30")
    expect(trial.get_by_role("button", name="比較に加える", exact=True)).to_be_enabled()
    put_aside(trial)
    go_to(trial, "配分", "比較")
    expect(trial.locator(".kg-heading h1")).to_have_text("比較")
    assert len(rows_of(trial, "試算のまとめ")) == 2
    assert len(rows_of(trial, "地区ごとの比較")) == len(outlines)
    trial.locator("path.ka-district").first.wait_for()
    painted = fills(trial)
    assert set(painted) == set(outlines)
    assert len(set(painted.values())) > 1
    first, _ = address(trial)
    trial.get_by_test_id("stButtonGroup").first.get_by_text("試算1", exact=True).click()
    expect(trial.locator(".kg-heading h1")).to_have_text("配分試算")
    expect(trial.get_by_label(PERCENT)).to_have_value("50")
    assert sums(trial)["予算"] == 20_000_000
    trial.wait_for_url("**/trial?s=*")
    assert address(trial) == [first]


def test_a_trial_is_taken_out_of_the_comparison(visit):
    page = visit(asked("compare", SOUND, OTHER))
    assert len(rows_of(page, "試算のまとめ")) == 2
    page.get_by_test_id("stButtonGroup").last.get_by_text("✕ 試算2").click()
    expect(page.get_by_text("✕ 試算2")).to_have_count(0)
    page.wait_for_function("!location.search.includes('percent%3D30')")
    assert address(page) == [SOUND]


def test_the_address_follows_the_form_and_back_brings_it_back(visit, idle):
    page = visit(asked("trial", SOUND))
    enter(page, budget="30000000")
    expect(page.locator(".kg-sums dd").first).to_contain_text("30,000,000")
    page.wait_for_url("**30000000*")
    page.go_back()
    page.wait_for_url("**20000000*")
    expect(page.get_by_label(BUDGET)).to_have_value("20,000,000")
    expect(page.locator(".kg-sums dd").first).to_contain_text("20,000,000")


def test_quick_typing_is_not_undone_by_the_address(visit, desk):
    """Amounts are typed faster than the page answers: the address that lags behind must not win."""
    page = visit(asked("trial", SOUND))
    for _ in range(3):
        page.get_by_label(BUDGET).fill("30000000")
        page.get_by_label(PERCENT).fill("40")
        page.get_by_label(BUDGET).fill("31000000")
        page.get_by_label(PERCENT).fill("20")
        page.get_by_label(PERCENT).press("Enter")
        expect(page.locator(".kg-sums dd").first).to_contain_text("31,000,000")
        page.wait_for_url("**budget%3D31000000*set.equal_percent%3D20*")
        assert page.get_by_label(BUDGET).input_value() == "31000000"
        assert page.get_by_label(PERCENT).input_value() == "20"
    desk.forget()  # Streamlit itself complains on the console of runs that were overtaken; what is shown is right


def test_the_form_is_there_after_a_walk_to_another_page(visit):
    page = visit(asked("trial", SOUND))
    go_to(page, "配分", "規則")
    expect(page.locator(".kg-heading h1")).to_have_text("規則")
    go_to(page, "配分", "試算")
    expect(page.get_by_label(BUDGET)).to_have_value("20,000,000")
    assert sums(page)["予算"] == 20_000_000


def test_a_table_of_units_is_brought_in(visit):
    page = visit(asked("trial", "rule=kora&fy=2025"))
    page.get_by_role("button", name="単位の表を読み込む").click()
    page.get_by_label("単位の表", exact=True).first.wait_for()
    page.get_by_test_id("stPopoverBody").get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": "ku.csv", "mimeType": "text/csv", "buffer": UNITS.encode()}
    )
    expect(page.get_by_label("人口", exact=True)).to_have_value("読み込んだ表 ku.csv")
    expect(page.locator("table.kg-table").first.locator("tbody tr")).to_have_count(2)
    assert [row[0] for row in rows_of(page, "各単位の試算")] == ["A", "B"]


@pytest.fixture(scope="module")
def office(chromium, tmp_path_factory):
    """An app of its own with an empty ledger: what is signed here is nobody else's."""
    with RunningApp(workspace=tmp_path_factory.mktemp("office") / "workspace") as running:
        yield running


def sign(page, name="地域づくり課長"):
    page.get_by_label("確定する人").fill(name)
    page.get_by_label("記録に残す言葉").fill("決裁 第12号")
    page.get_by_test_id("stCheckbox").get_by_text("を確かめました").click()
    page.get_by_role("button", name="確定する", exact=True).click()


def test_a_trial_is_signed_and_kept(office, desk):
    page = desk.page(office.url)
    page.goto(f"{office.url}/{asked('trial', SOUND)}")
    total = sums(page)["配分額の合計"]
    go_to(page, "配分", "確定")
    sign(page)
    expect(page.locator(".kg-note").first).to_contain_text("確定しました。番号")
    records = rows_of(page, "確定した試算")
    assert len(records) == 1
    assert yen(records[0][3]) == total
    run_id = records[0][0]
    assert run_id in page.locator(".kg-note").first.inner_text()
    # a second look, as after a restart of the reader's machine
    page = desk.page(office.url)
    page.goto(f"{office.url}/confirm")
    page.get_by_label("開く記録").click()
    page.get_by_role("option", name=run_id).click()
    assert sum(yen(row[-1]) for row in rows_of(page, f"確定 番号 {run_id}")) == total
    files = [download(page, "ダウンロード(Excel)") for _ in range(2)]
    assert files[0] == files[1]
    assert files[0][0] == f"kakutei_{run_id}.xlsx"
    assert run_id in page.locator(".kg-footer").inner_text()


def test_signing_without_a_name_is_refused_in_japanese(office, desk):
    page = desk.page(office.url)
    page.goto(f"{office.url}/{asked('confirm', SOUND)}")
    sign(page, "")
    expect(page.locator(".kg-error")).to_contain_text("名前")
    assert english(visible_text(page)) == []


def test_nothing_is_written_into_the_checkout(office, app, repository):
    assert office.workspace != app.workspace
    assert repository not in office.workspace.parents
    assert repository not in app.workspace.parents


def not_japanese(page):
    """Return the words and the names for screen readers that are left in English."""
    settle(page)
    words = [word for word in english(visible_text(page)) if word not in COLUMNS]
    names = page.locator("[aria-label], [title], [placeholder], [alt]").evaluate_all(
        """found => found.flatMap((one) => ["aria-label", "title", "placeholder", "alt"].map((name) => one.getAttribute(name) || ""))"""
    )
    return words + [name for name in names if set(english(name)) - COLUMNS - {"Tab"}]


def test_what_opens_on_the_form_speaks_japanese(visit):
    page = visit(asked("trial", SOUND))
    open_extras(page)
    assert not_japanese(page) == []
    page.get_by_test_id("stDateInput").get_by_role("button", name="日付を選ぶ").click()
    page.get_by_role("gridcell").first.wait_for()
    assert not_japanese(page) == []
    page.keyboard.press("Escape")
    page.get_by_test_id("stTooltipIcon").last.hover()
    page.get_by_test_id("stTooltipContent").wait_for()
    assert not_japanese(page) == []
    page.get_by_role("button", name="単位の表を読み込む").click()
    page.get_by_test_id("stPopoverBody").wait_for()
    assert not_japanese(page) == []


def test_an_uploader_speaks_japanese(visit):
    page = visit("rules")
    uploader = page.get_by_test_id("stFileUploaderDropzoneInput")
    uploader.set_input_files({"name": "x.toml", "mimeType": "text/plain", "buffer": b"id = 1\n"})
    expect(page.locator(".kg-error")).to_contain_text("x.toml")
    settle(page)
    text = page.get_by_test_id("stFileUploader").inner_text()
    assert set(english(text.replace("x.toml", ""))) <= {"add"}  # the icon's own name is drawn as a plus
    uploader.set_input_files({"name": "x.txt", "mimeType": "text/plain", "buffer": b"x"})
    page.get_by_text("この種類のファイル").first.wait_for(state="attached")


def test_popover_and_pills_of_the_comparison_speak_japanese(visit):
    page = visit(asked("compare", SOUND, OTHER))
    rows_of(page, "試算のまとめ")
    page.get_by_role("button", name="保存した試算を読み込む").click()
    page.get_by_test_id("stPopoverBody").wait_for()
    assert not_japanese(page) == []


def test_the_split_of_a_change_speaks_japanese(visit):
    page = visit(asked("compare", SOUND, OTHER))
    rows_of(page, "試算のまとめ")
    go_to(page, "配分", "前年比")
    assert len(rows_of(page, "増減の理由")) == 34
    assert not_japanese(page) == []


FULL = {
    "試算": asked("trial", SOUND),
    "比較": asked("compare", SOUND, OTHER, SOUND.replace("round=1&", "round=1000&")),
    "確定": asked("confirm", SOUND),
    "規則": "rules?rule=genki_2010",
}


@pytest.mark.parametrize("path", FULL.values(), ids=list(FULL))
def test_on_a_phone_nothing_is_wider_than_the_page(visit, path):
    page = visit(path, **PHONE)
    page.locator("table.kg-table").first.wait_for()
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    assert page.evaluate(
        "(() => { const m = document.querySelector('.stMain'); return m.scrollWidth <= m.clientWidth; })()"
    )
    # a wide table scrolls inside its own frame, which the keyboard reaches
    for frame in page.locator(".kg-scroll, .kg-wide-table").all():
        assert frame.get_attribute("tabindex") == "0"


OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll(".stMainBlockContainer :is(.stTextInput, .stSelectbox, .stButton, .stDownloadButton, .stPopover, .kg-note, .kg-sums, .kg-letter, .kg-scroll, .kg-wide-table, .kg-footer, .stFileUploader, .stCheckbox)")]
    .filter((one) => one.checkVisibility())
    .map((one) => [one.className, one.getBoundingClientRect()]).filter(([, box]) => box.width && box.height);
  const found = [];
  boxes.forEach(([a, one], i) => boxes.slice(i + 1).forEach(([b, two]) => {
    const wide = Math.min(one.right, two.right) - Math.max(one.left, two.left);
    const high = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
    if (wide > 2 && high > 2) found.push(`${a} | ${b}`);
  }));
  return found;
}"""


@pytest.mark.parametrize("path", FULL.values(), ids=list(FULL))
@pytest.mark.parametrize(
    "size", [{"width": 390, "height": 844}, {"width": 1360, "height": 900}], ids=["phone", "desk"]
)
def test_nothing_lies_over_anything_else(visit, path, size):
    page = visit(path)
    page.set_viewport_size(size)
    page.locator("table.kg-table").first.wait_for()
    settle(page)
    assert page.evaluate(OVERLAPS) == []


UNNAMED = """() => [...document.querySelectorAll("input, select, textarea, button, [role=combobox]")]
  .filter((one) => one.checkVisibility() && !one.closest(".leaflet-container, [aria-hidden=true]"))
  .filter((one) => {
    const labelled = (one.getAttribute("aria-labelledby") || "").split(" ").some((id) => document.getElementById(id)?.textContent.trim());
    const named = one.getAttribute("aria-label") || one.title || one.textContent.trim() || one.labels?.[0]?.textContent.trim();
    return !(named || labelled);
  })
  .map((one) => one.outerHTML.slice(0, 200))"""


@pytest.mark.parametrize("path", FULL.values(), ids=list(FULL))
def test_every_control_has_a_name_and_every_table_a_caption(visit, path):
    page = visit(path)
    page.locator("table.kg-table").first.wait_for()
    assert page.evaluate(UNNAMED) == []
    tables = page.locator("table.kg-table")
    captions = tables.evaluate_all("found => found.map((one) => one.caption?.textContent.trim() || '')")
    assert all(captions)
    heads = tables.evaluate_all(
        "found => found.flatMap((one) => [...one.tHead.rows[0].cells].map((cell) => cell.scope))"
    )
    assert set(heads) == {"col"}
    assert page.locator("h1").count() == 1


# The frame that scrolls can have the focus too: its text is the whole page, and no name
SPOKEN = """() => {
  const one = document.activeElement;
  return (one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent).trim().slice(0, 40);
}"""


def test_the_keyboard_walks_the_form_in_its_order(visit):
    page = visit("trial")
    whole_form(page)
    order = []
    for _ in range(24):
        page.keyboard.press("Tab")
        order.append(page.evaluate(SPOKEN))
    wanted = [
        "規則",
        "年度",
        "入力を消す",
        "人口",
        "単位の表を読み込む",
        "予算",
        "均等割の割合",
        "端数処理",
        "残りの扱い",
    ]
    places = [next((at for at, name in enumerate(order) if name.startswith(word)), None) for word in wanted]
    assert None not in places, order
    assert places == sorted(places)


def test_the_keyboard_alone_gets_a_result(visit):
    page = visit("trial")
    whole_form(page)
    page.get_by_label(BUDGET).focus()
    page.keyboard.type("20000000")
    page.keyboard.press("Tab")
    page.keyboard.type("50")
    page.keyboard.press("Enter")
    assert sums(page)["予算"] == 20_000_000


@pytest.mark.parametrize("name", ["入力を消す", "単位の表を読み込む"])
def test_the_focus_can_be_seen(visit, name):
    page = visit("trial")
    whole_form(page)
    button = page.get_by_role("button", name=name)
    plain = button.evaluate("one => getComputedStyle(one).boxShadow + getComputedStyle(one).outline")
    page.get_by_label("規則").first.focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if button.evaluate("one => one === document.activeElement"):
            break
    assert button.evaluate("one => one === document.activeElement")
    assert button.evaluate("one => getComputedStyle(one).boxShadow + getComputedStyle(one).outline") != plain
