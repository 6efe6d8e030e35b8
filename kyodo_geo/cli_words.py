"""Options that several commands share, and how a day is read."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path


def help_option(parser: argparse.ArgumentParser) -> None:
    """Add -h, and put argparse's own headings into Japanese."""
    parser._positionals.title, parser._optionals.title = "引数", "指定"  # noqa: SLF001 - argparse has no other door
    parser.add_argument("-h", "--help", action="help", help="この説明を出して終わる")


def on_option(parser: argparse.ArgumentParser, *, default: str = "今日") -> None:
    """Add --on, the day whose district lines are meant."""
    parser.add_argument("--on", type=day, metavar="YYYY-MM-DD", help=f"どの日の地区の線か(既定 {default})")


def output_option(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """Add -o."""
    parser.add_argument(
        "-o", "--output", type=Path, required=required, metavar="FILE", help="書き出すファイル"
    )


def day(text: str) -> date:
    """Read a day as ISO text; argparse's error in Japanese otherwise."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        msg = f"日付「{text}」は 2024-04-01 の形で書いてください"
        raise argparse.ArgumentTypeError(msg) from error
