"""Lint, format, types and import contracts are tests too: one command says whether the house is in order."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["ruff", "check", "."], id="ruff check"),
        pytest.param(["ruff", "format", "--check", "."], id="ruff format"),
        pytest.param(["mypy"], id="mypy --strict"),
    ],
)
def test_the_tool_finds_nothing(command: list[str]) -> None:
    result = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_room_knows_only_what_it_may() -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([tool], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_no_source_file_is_longer_than_its_reader_can_hold() -> None:
    files = [
        path
        for folder in ("geo", "kyodo_geo")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".js", ".css"}
    ]
    too_long = {
        str(path): count for path in files if (count := len(path.read_text("utf-8").splitlines())) > 300
    }
    assert files
    assert not too_long
