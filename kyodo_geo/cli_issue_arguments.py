"""The words of the commands about issues: indicators, project, priority and sample."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kyodo_geo.cli_evidence import evidence_options
from kyodo_geo.cli_project import add_project_options
from kyodo_geo.cli_words import on_option, output_option

if TYPE_CHECKING:
    import argparse

    from kyodo_geo.cli_reach_arguments import Commands, MakeCommand


def add_issue_commands(commands: Commands, command: MakeCommand) -> None:
    """Add indicators, project, priority and sample."""
    indicators = command(commands, "indicators", "登録されたすべての指標を、根拠と出典とともに出す")
    indicators.add_argument(
        "--districts",
        nargs="+",
        default=[],
        metavar="CODE",
        help="地区のコード(既定 表は市だけ、CSV と JSON はすべて)",
    )
    _common(indicators)
    project = command(
        commands, "project", "年齢の表から地区ごとの将来人口を推計する(表がなければ総数の傾向、参考)"
    )
    _common(project)
    add_project_options(project)
    priority = command(commands, "priority", "選んだ指標と重みで、先に見る地区を並べる")
    priority.add_argument("--config", type=Path, metavar="FILE", help="優先度の設定(TOML。省くと既定の設定)")
    _common(priority, formats=("table", "csv", "json", "toml"))
    sample = command(commands, "sample", "架空の体験用データを、公的なファイルの形で作る")
    sample.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="書き出すフォルダー")


def _common(parser: argparse.ArgumentParser, *, formats: tuple[str, ...] = ("table", "csv", "json")) -> None:
    evidence_options(parser)
    on_option(parser)
    parser.add_argument("--format", choices=formats, default="table", help="出力の形(既定 table)")
    output_option(parser)
