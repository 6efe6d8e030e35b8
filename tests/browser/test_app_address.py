"""The address holds the view: it can be reloaded, shared, and it survives a walk through the pages."""

from __future__ import annotations

import pytest
from on_map import all_linked, choose_indicator, chosen, row_of
from playwright.sync_api import expect

ASKED = "?indicator=households&year=2015&district=07"


def view(page):
    """Return indicator, year and district as the controls and the panel show them."""
    return (
        page.locator("select[name=indicator]").input_value(),
        page.locator("select[name=year]").input_value(),
        page.locator(".ka-panel").get_attribute("data-code"),
    )


def go_to(page, group, title):
    """Walk through the navigation, as a reader does."""
    page.get_by_test_id("stTopNavSection").filter(has_text=group).click()
    page.get_by_test_id("stTopNavDropdownLink").filter(has_text=title).click()


def test_opening_answers_a_question_at_once(visit):
    assert view(visit()) == ("population_change", "2020", "")


def test_a_shared_address_opens_the_view(visit):
    page = visit(ASKED)
    assert view(page) == ("households", "2015", "07")
    assert chosen(page) == all_linked("07")


def test_reload_restores_the_view(visit, idle):
    page = visit()
    choose_indicator(page, "density")
    page.locator("select[name=year]").select_option("2015")
    page.wait_for_url("**year=2015*")
    row_of(page, "19").click()
    page.wait_for_url("**district=19*")
    page.reload()
    page.locator(".ka-panel").wait_for()
    idle(page)
    assert view(page) == ("density", "2015", "19")


def test_an_unknown_district_is_named_and_the_map_still_stands(visit, outlines):
    page = visit("?indicator=density&district=99")
    expect(page.locator(".kg-note")).to_contain_text("地区「99」")
    assert page.locator("path.ka-district").count() == len(outlines)
    assert view(page) == ("density", "2020", "")


@pytest.mark.parametrize(
    "asked", ["?indicator=nonsense", "?year=1999", "?year=abc", "?district=%3Cb%3Ex%3C/b%3E"]
)
def test_what_does_not_exist_is_refused_by_name(visit, outlines, asked):
    page = visit(asked)
    expect(page.locator(".kg-note")).to_contain_text("見つからない")
    assert page.locator(".kg-note").locator("b").count() == 0  # text from an address is never markup
    assert page.locator("path.ka-district").count() == len(outlines)


def test_the_view_survives_a_walk_to_another_page(visit, idle):
    page = visit(ASKED)
    go_to(page, "配分", "試算")
    page.locator(".kg-heading").wait_for()
    go_to(page, "地図", "総覧")
    page.locator(".ka-panel").wait_for()
    idle(page)
    assert view(page) == ("households", "2015", "07")
    page.wait_for_url("**district=07*", timeout=3000)


def test_back_in_the_browser_brings_address_and_map_together(visit, idle):
    page = visit()
    choose_indicator(page, "density")
    idle(page)
    choose_indicator(page, "households")
    idle(page)
    page.go_back()
    page.wait_for_url("**indicator=density*")
    expect(page.locator("select[name=indicator]")).to_have_value("density", timeout=3000)
