"""README says what the code does: commands, indicators, folders and counts are compared with the real ones."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from kyodo_geo.city import City
from kyodo_geo.cli_arguments import build_parser
from kyodo_geo.model.indicators import REGISTRY
from kyodo_geo.sources.manifest import FOLDERS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(marker: str) -> list[str]:
    """The lines of the fenced block or table that follows a marker."""
    after = README.split(f"<!-- {marker} -->", 1)[1].strip().splitlines()
    if after[0].startswith("```"):
        return after[1 : after.index("```", 1)]
    end = next((number for number, line in enumerate(after) if not line.startswith("|")), len(after))
    return after[2:end]


def test_the_table_of_indicators_is_the_registry() -> None:
    written = [tuple(cell.strip() for cell in line.split("|")[1:4]) for line in block("indicators")]
    assert written == [(one.id, one.label, one.unit) for one in REGISTRY]


@pytest.mark.parametrize("line", block("commands"))
def test_every_command_of_the_readme_is_understood(line: str) -> None:
    words = shlex.split(re.split(r"\s{3,}", line)[0])
    assert words[0] == "kyodo-geo"
    assert build_parser().parse_args(words[1:]).command == words[1]


def test_every_command_of_the_program_stands_in_the_readme() -> None:
    commands = set(next(action for action in build_parser()._actions if action.dest == "command").choices)
    assert commands == {line.split()[1] for line in block("commands")}


def test_the_two_commands_start_the_module_that_sets_up() -> None:
    assert block("app-command") == ["python -m kyodo_geo.start app"]
    assert block("test-command") == ["python -m kyodo_geo.start test"]


def test_every_data_folder_is_named_with_its_sources() -> None:
    assert [line.split("`")[1] for line in block("sources")] == [f"data/{folder}/" for folder in FOLDERS]


def test_the_unknowns_the_readme_counts_are_those_of_the_data() -> None:
    city = City.load()
    unknown = sum(
        city.status(str(code), city.latest.day.replace(year=2026)) == "unknown" for code in city.names.index
    )
    named = len({link.council for link in city.councils.values() if link.council})
    points = sum(place.kind == "centre" and place.lon is None for place in city.places)
    said = f"センターの管理は{len(city.names)}のうち{unknown}、地域協働体の名称は{city.facts.councils_published}のうち"
    assert f"{said}{city.facts.councils_published - named}、センターの位置は{points}つが不明" in README


def test_the_version_has_an_entry_in_the_changelog() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"## {project['version']}(" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_lock_names_every_direct_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for group in project["optional-dependencies"].values() for name in group),
    ]
    names = {re.split(r"[>=<\[; ]", one)[0].lower() for one in wanted}
    locked = set(
        re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert names <= locked
