"""What every test may ask for: 架空市, a fictional city of five districts, as files and as a City."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

# pytest's importlib mode puts no test folder on the path; the fictional city is imported from here
sys.path.insert(0, str(Path(__file__).resolve().parent))

# no test may fail because a machine is slow
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def fictional_data(tmp_path_factory) -> Path:
    """A data folder of the same layout as data/ with the fictional city; do not write into it."""
    from fictional import city  # noqa: PLC0415 - only those who ask pay for pandas and shapely

    return city.write(tmp_path_factory.mktemp("fictional") / "data", city.files())


@pytest.fixture(scope="session")
def fictional_city(fictional_data):
    """The fictional city, loaded."""
    from kyodo_geo.city import City  # noqa: PLC0415 - see above

    return City.load(fictional_data)


@pytest.fixture(scope="session")
def shipped_city():
    """The city of the shipped data, loaded."""
    from kyodo_geo.city import DEFAULT_DATA, City  # noqa: PLC0415 - see above

    return City.load(DEFAULT_DATA)


@pytest.fixture(scope="session")
def shipped_day() -> date:
    """A day on which the shipped city is asked about."""
    return date(2026, 11, 24)


@pytest.fixture
def changed_city(tmp_path):
    """Load the fictional city with some files changed: changed_city({path: (old, new) or bytes}), checksums right."""
    from fictional import city  # noqa: PLC0415 - see above

    from kyodo_geo.city import City  # noqa: PLC0415 - see above

    def load(changes):
        content = city.files()
        for path, change in changes.items():
            if isinstance(change, bytes):
                content[path] = change
                continue
            old, new = change
            text = content[path].decode()
            assert old in text
            content[path] = text.replace(old, new).encode()
        return City.load(city.write(tmp_path / "changed", content))

    return load


@pytest.fixture(scope="session")
def today() -> date:
    """A day on which all five districts of the fictional city stand."""
    return date(2024, 6, 1)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture
def kyodo(capsys):
    """Run a command in this process and return its exit code, its output and its errors."""

    from kyodo_geo.cli import main  # noqa: PLC0415 - only those who ask pay for it

    def command(*words):
        try:
            code = main([str(word) for word in words])
        except SystemExit as left:
            code = left.code
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    return command


@pytest.fixture
def kyodo_refuses(kyodo):
    """Run a command that must be refused with exit code 1 and return the Japanese reason."""

    def command(*words):
        code, out, err = kyodo(*words)
        assert (code, out) == (1, "")
        assert err.startswith("エラー: ")
        assert re.search("[ぁ-ん]", err)
        return err

    return command
