"""高齢化, 空き家 and 優先度 as a reader uses them: made-up data are asked for, seen as such everywhere, and gone again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

SAMPLE, AWAY = "体験用データで見る(架空)", "体験用データを消す"


@pytest.fixture
def sampled(visit, idle):
    """A page on which the sample was asked for."""

    def asked(path):
        page = visit(path)
        page.get_by_role("button", name=SAMPLE).click()
        expect(page.get_by_role("button", name=AWAY)).to_be_visible(timeout=30_000)
        idle(page)
        return page

    return asked


@pytest.mark.parametrize("path", ["ageing", "vacancy"])
def test_the_sample_is_marked_on_page_map_and_table_and_goes_with_one_click(sampled, idle, path):
    page = sampled(path)
    expect(page.locator(".kg-band").first).to_contain_text("架空")
    expect(page.locator(".ka-legend")).to_contain_text("架空")
    expect(page.locator(".ka-table thead")).to_contain_text("架空")
    page.get_by_role("button", name=AWAY).click()
    expect(page.get_by_role("button", name=SAMPLE)).to_be_visible(timeout=30_000)
    idle(page)
    shown = page.locator(".stMain").inner_text().replace(SAMPLE, "")
    assert "架空" not in shown


def test_a_weight_changes_the_bars_and_the_address(visit, idle):
    page = visit("priority")
    expect(page.locator(".kg-footer")).to_be_visible(timeout=30_000)
    idle(page)
    first = page.locator(".kg-stack-rows li").first.inner_text()
    weight = page.get_by_role("spinbutton", name="重み").first
    weight.fill("90")
    weight.press("Enter")
    page.wait_for_url("**items=population_change.2020.low.90~*")
    idle(page)
    assert page.locator(".kg-stack-rows li").first.inner_text() != first


def test_points_of_dwellings_are_shown_to_staff_alone_and_not_shared(sampled, idle):
    page = sampled("vacancy")
    assert page.locator(".ka-key-slot:visible", has_text="職員の表示").count() == 0
    page.get_by_text("職員の表示", exact=True).first.click()
    expect(page.locator(".kg-note", has_text="住民に見せる画面では使わない")).to_be_visible(timeout=30_000)
    idle(page)
    assert "staff" not in page.url
    page.reload()
    expect(page.get_by_role("button", name=SAMPLE)).to_be_visible(timeout=30_000)
