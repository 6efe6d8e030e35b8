"""What the tests of the command line share: the fictional rule as a file, and `allocate` in the fictional city."""

from __future__ import annotations

import json

import pytest
from fictional import grants
from fictional.reports import YEAR, refuse


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
