"""What several tests share: the fictional rule as a file, `allocate` in the fictional city, and its buses opened."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from fictional import grants
from fictional.gtfs import FEED, zipped
from fictional.reports import YEAR, refuse
from fictional.transit import DAY, WALK_M

from kyodo_geo.model.transit.choice import TransitChoice
from kyodo_geo.rules.travel import travel_settings
from kyodo_geo.transit.feed import open_feed
from kyodo_geo.transit.study import TransitGiven, transit_study


@pytest.fixture
def rule_file(tmp_path):
    path = tmp_path / "架空.toml"
    path.write_text(grants.RULE, encoding="utf-8")
    return path


@pytest.fixture
def allocate(kyodo, fictional_data):
    """Allocate in the fictional city and return the JSON; the options come after."""

    def command(*words):
        code, out, err = kyodo("allocate", "--data", fictional_data, *YEAR, "--format", "json", *words)
        assert (code, err) == (0, "")
        return json.loads(out, parse_float=refuse)

    return command


@pytest.fixture
def refused(kyodo_refuses, fictional_data):
    return lambda *words: kyodo_refuses("allocate", "--data", fictional_data, *YEAR, *words)


@pytest.fixture(scope="session")
def travel():
    """The settings of getting about on the day the fictional city is asked about."""
    return travel_settings().at(DAY)


@pytest.fixture(scope="session")
def feed():
    """The fictional timetable, opened."""
    return open_feed(zipped(FEED), name="架空.zip", today=DAY)


@pytest.fixture(scope="session")
def ask(fictional_city, feed, travel):
    """Return the transit study of a choice, people walking 50 m to a stop at most."""

    def asked(choice=TransitChoice(), *, within=WALK_M, given=TransitGiven()):  # noqa: B008 - frozen values
        chosen = replace(choice, reach=replace(choice.reach, within=within))
        return transit_study(fictional_city, feed, chosen, travel, on=DAY, given=given)

    return asked
