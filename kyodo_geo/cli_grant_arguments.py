"""The words of `allocate`, `rules` and `runs`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kyodo_geo.cli_words import day, help_option, on_option, output_option
from kyodo_geo.rules.formula import LeftoverMethod, PaidBy
from kyodo_geo.rules.rounding import ROUNDING_UNITS, Direction

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]  # noqa: SLF001 - argparse has no public name for it
    MakeCommand = Callable[..., argparse.ArgumentParser]


def add_grant_commands(commands: Commands, command: MakeCommand) -> None:
    """Add the three commands; `command(commands, name, help, data=…)` makes one."""
    allocate = command(commands, "allocate", "規則と人口から配分を試算する")
    _inputs(allocate)
    allocate.add_argument(
        "--format", choices=("table", "csv", "json", "xlsx"), default="table", help="出力の形(既定 table)"
    )
    output_option(allocate)
    _add_rules(command(commands, "rules", "規則を一覧し、読み、確かめる", data=False))
    _add_runs(command(commands, "runs", "確定した試算を扱う", data=False), command)


def _inputs(parser: argparse.ArgumentParser) -> None:
    """Add everything that makes a run: rule, amounts, population, rounding, last year."""
    parser.add_argument("--rule", metavar="ID|FILE.toml", help="規則の id か規則ファイル(既定 市の規則)")
    parser.add_argument("--fiscal-year", type=int, metavar="N", help="年度(西暦、既定 今年度)")
    parser.add_argument("--budget", metavar="円", help="予算(整数の円)")
    parser.add_argument(
        "--set", action="append", default=[], metavar="名前=値", help="規則の値を入れる(何度でも)"
    )
    parser.add_argument(
        "--equal-percent", metavar="P", help="--set equal_percent=P と同じ(予算のうち均等割の %%)"
    )
    parser.add_argument("--equal", metavar="円", help="--set equal_yen=円 と同じ(均等割、1単位当たり)")
    parser.add_argument("--per-head", metavar="円", help="--set per_head_yen=円 と同じ(地域割、1人当たり)")
    units = tuple(str(unit) for unit in ROUNDING_UNITS)
    parser.add_argument("--round", choices=units, help="端数処理の単位(円、規則に代えて使う)")
    parser.add_argument(
        "--direction", choices=tuple(Direction), help="端数の向き(--round とともに、既定 floor)"
    )
    parser.add_argument("--round-at", choices=("term", "unit"), help="項ごと(term、既定)か合計額(unit)か")
    parser.add_argument("--leftover", choices=tuple(LeftoverMethod), help="残りの扱い(規則に代えて使う)")
    parser.add_argument(
        "--leftover-to", metavar="CODE", default="", help="残りを受け取る単位(--leftover unit)"
    )
    parser.add_argument("--protect", metavar="P", help="経過措置: 前年の P %% を下回らない")
    parser.add_argument(
        "--paid-by", choices=tuple(PaidBy), help="経過措置の費用の負担(--protect とともに、既定 extra)"
    )
    parser.add_argument("--population", metavar="ID", default="", help="使う国勢調査(年か id、既定 最新)")
    parser.add_argument("--units", type=Path, metavar="FILE.csv", help="地区の代わりに使う単位の表")
    parser.add_argument("--reference-day", type=day, metavar="YYYY-MM-DD", help="規則にない人口の基準日")
    parser.add_argument("--last-year", metavar="RUN|FILE.csv", help="前年: 確定した試算の番号か表")
    parser.add_argument(
        "--scenario", type=Path, metavar="FILE", help="アプリで保存した試算(ほかの入力に代える)"
    )
    on_option(parser, default="年度の初日")
    workspace_option(parser)


def workspace_option(parser: argparse.ArgumentParser) -> None:
    """Add --workspace, the folder of the ledger."""
    parser.add_argument(
        "--workspace",
        type=Path,
        default=None,
        metavar="DIR",
        help="確定した試算と自分の規則を置くフォルダー(既定 workspace)",
    )


def _add_rules(parser: argparse.ArgumentParser) -> None:
    actions = _actions(parser)
    workspace_option(_action(actions, "list", "規則を一覧する"))
    show = _action(actions, "show", "規則の値・根拠・計算の順を示す")
    show.add_argument("rule", metavar="ID|FILE.toml", help="規則の id か規則ファイル")
    workspace_option(show)
    check = _action(actions, "check", "規則ファイルの誤りをすべて挙げる")
    check.add_argument("file", type=Path, metavar="FILE.toml", help="規則ファイル")


def _add_runs(parser: argparse.ArgumentParser, command: MakeCommand) -> None:
    actions = _actions(parser)
    workspace_option(_action(actions, "list", "確定した試算を一覧する"))
    show = _action(actions, "show", "確定した試算を示す")
    show.add_argument("run", metavar="RUN", help="番号(初めの4文字から)")
    show.add_argument(
        "--format", choices=("table", "csv", "json", "xlsx", "record"), default="table", help="出力の形"
    )
    workspace_option(show)
    output_option(show)
    diff = _action(actions, "diff", "二つの確定した試算の違いを示す")
    diff.add_argument("before", metavar="RUN", help="前の番号")
    diff.add_argument("after", metavar="RUN", help="後の番号")
    workspace_option(diff)
    freeze = command(actions, "freeze", "試算を確定して記録する")
    _inputs(freeze)
    freeze.add_argument("--by", required=True, metavar="名前", help="確定する人(職名か氏名)")
    freeze.add_argument("--seen", action="store_true", help="注意の項目を確かめた(付けないと、挙げて断る)")
    freeze.add_argument("--note", default="", metavar="文", help="記録に残す言葉")


def _actions(parser: argparse.ArgumentParser) -> Commands:
    return parser.add_subparsers(dest="action", required=True, metavar="操作", parser_class=type(parser))


def _action(actions: Commands, name: str, help_text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(
        name, help=help_text, description=help_text, add_help=False, allow_abbrev=False
    )
    help_option(parser)
    return parser
