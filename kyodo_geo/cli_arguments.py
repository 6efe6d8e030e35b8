"""The words of the command line, and argparse's own messages in Japanese."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from kyodo_geo.city import DEFAULT_DATA
from kyodo_geo.model.allocation import ROUNDING_UNITS, Direction, Leftover

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
    _help(parser)
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令", parser_class=_Parser)
    _add_check(commands)
    _add_districts(commands)
    _add_allocate(commands)
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
    _help(parser)
    if data:
        parser.add_argument(
            "--data", type=Path, default=DEFAULT_DATA, metavar="DIR", help="データのフォルダー"
        )
    return parser


def _help(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-h", "--help", action="help", help="この説明を出して終わる")


def _add_check(commands: Commands) -> None:
    parser = _command(commands, "check", "データの欠けと合計を確かめる")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="出力の形(既定 text)")
    _output(parser)


def _add_districts(commands: Commands) -> None:
    parser = _command(commands, "districts", "地区の表を出す")
    _on(parser)
    parser.add_argument(
        "--format", choices=("csv", "json", "geojson", "gpkg"), default="csv", help="出力の形(既定 csv)"
    )
    _output(parser)


def _add_allocate(commands: Commands) -> None:
    parser = _command(commands, "allocate", "均等割+地域割を試算する")
    parser.add_argument("--budget", metavar="円", help="予算(整数の円)")
    parser.add_argument("--equal-percent", metavar="P", help="予算のうち均等割にする割合(0〜100)")
    parser.add_argument("--equal", metavar="円", help="均等割(1単位当たり)")
    parser.add_argument("--per-head", metavar="円", help="地域割の単価(1人当たり)")
    units = tuple(str(unit) for unit in ROUNDING_UNITS)
    parser.add_argument("--round", choices=units, default="1", help="端数処理の単位(円、既定 1)")
    parser.add_argument(
        "--direction", choices=tuple(Direction), default="floor", help="端数の向き(既定 floor)"
    )
    parser.add_argument(
        "--leftover", choices=tuple(Leftover), default="report", help="残りの扱い(既定 report)"
    )
    parser.add_argument("--units", type=Path, metavar="FILE.csv", help="地区の代わりに使う単位の表")
    _on(parser)
    parser.add_argument(
        "--format", choices=("table", "csv", "json"), default="table", help="出力の形(既定 table)"
    )
    _output(parser)


def _add_map(commands: Commands) -> None:
    parser = _command(commands, "map", "1つの HTML ファイルの地図を作る")
    parser.add_argument("--indicator", nargs="+", default=[], metavar="ID", help="載せる指標(既定 すべて)")
    _on(parser)
    _output(parser, required=True)


def _on(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--on", type=_day, metavar="YYYY-MM-DD", help="どの日の地区の線か(既定 今日)")


def _output(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    parser.add_argument(
        "-o", "--output", type=Path, required=required, metavar="FILE", help="書き出すファイル"
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        msg = f"日付「{text}」は 2024-04-01 の形で書いてください"
        raise argparse.ArgumentTypeError(msg) from error
