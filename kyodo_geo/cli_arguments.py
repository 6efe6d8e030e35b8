"""The words of the command line, and argparse's own messages in Japanese."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from kyodo_geo.city import DEFAULT_DATA
from kyodo_geo.cli_evidence import evidence_options
from kyodo_geo.cli_grant_arguments import add_grant_commands
from kyodo_geo.cli_issue_arguments import add_issue_commands
from kyodo_geo.cli_reach_arguments import add_reach_commands
from kyodo_geo.cli_words import help_option, on_option, output_option

_MESSAGES = (
    (r"the following arguments are required: (.*)", r"必要な指定がありません: \1"),
    (r"unrecognized arguments: (.*)", r"知らない指定です: \1"),
    (
        r"argument (.*?): invalid choice: (.*?) \(choose from (.*)\)",
        r"\1 に \2 は使えません。次から選んでください: \3",
    ),
    (r"argument (.*?): expected one argument", r"\1 の後に値がありません"),
    (r"argument (.*?): expected at least one argument", r"\1 の後に値がありません"),
    (r"argument (.*?): invalid .* value: (.*)", r"\1 の値 \2 を読めません"),
    (r"argument (.*?): (.*)", r"\1: \2"),
)

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction["_Parser"]  # noqa: SLF001 - argparse has no public name for it


class _Parser(argparse.ArgumentParser):
    """An ArgumentParser whose refusals are Japanese; the exit code of wrong usage stays 2."""

    def format_help(self) -> str:
        """Return the help with its first word in Japanese."""
        return super().format_help().replace("usage:", "使い方:", 1)

    def error(self, message: str) -> NoReturn:
        """Say in Japanese what is wrong with the call and how it goes, and leave with exit code 2."""
        for pattern, words in _MESSAGES:
            if re.fullmatch(pattern, message, flags=re.DOTALL):
                message = re.sub(pattern, words, message, flags=re.DOTALL)
                break
        sys.stderr.write(f"使い方の誤り: {message}\n{self.format_usage().replace('usage:', '使い方:')}")
        sys.exit(2)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `kyodo-geo`."""
    parser = _Parser(
        prog="kyodo-geo", description="地域協働の地図と計算機", add_help=False, allow_abbrev=False
    )
    help_option(parser)
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令", parser_class=_Parser)
    _add_check(commands)
    _add_districts(commands)
    add_grant_commands(commands, _command)
    add_reach_commands(commands, _command)
    add_issue_commands(commands, _command)
    _add_map(commands)
    build = _command(commands, "build-data", "集めた元データから data/ を作り直す")
    build.add_argument("sources", type=Path, metavar="SOURCES_DIR", help="元データのフォルダー")
    app = _command(commands, "app", "アプリを開く", data=False)
    app.add_argument("--port", type=int, help="ポート番号(既定 8501 から空いているもの)")
    app.add_argument("--address", default="127.0.0.1", help="待ち受ける住所(既定 127.0.0.1 = この端末だけ)")
    app.add_argument("--no-browser", action="store_true", help="ブラウザーを開かない")
    return parser


def _command(commands: Commands, name: str, help_text: str, *, data: bool = True) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name, help=help_text, description=help_text, add_help=False, allow_abbrev=False
    )
    help_option(parser)
    if data:
        parser.add_argument(
            "--data", type=Path, default=DEFAULT_DATA, metavar="DIR", help="データのフォルダー"
        )
    return parser


def _add_check(commands: Commands) -> None:
    parser = _command(commands, "check", "データの欠けと合計を確かめる")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="出力の形(既定 text)")
    output_option(parser)


def _add_districts(commands: Commands) -> None:
    parser = _command(commands, "districts", "地区の表を出す")
    on_option(parser)
    parser.add_argument(
        "--format", choices=("csv", "json", "geojson", "gpkg"), default="csv", help="出力の形(既定 csv)"
    )
    output_option(parser)


def _add_map(commands: Commands) -> None:
    parser = _command(commands, "map", "1つの HTML ファイルの地図を作る")
    parser.add_argument("--indicator", nargs="+", default=[], metavar="ID", help="載せる指標(既定 すべて)")
    evidence_options(parser)
    on_option(parser)
    output_option(parser, required=True)
