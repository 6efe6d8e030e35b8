"""The words of the commands on coverage and transit: reach, site, transit."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kyodo_geo.cli_words import day, on_option, output_option
from kyodo_geo.errors import InputRefused
from kyodo_geo.model.reach.choice import COUNTED, DEMANDS, HAZARDS
from kyodo_geo.model.transit.choice import window_of, window_text
from kyodo_geo.model.transit.departures import COVERING_PAIRS, WHOLE_DAY

# --detour without a number, the factor of the settings: known by being this object (argparse would read a text)
AS_SET = float("nan")

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]  # noqa: SLF001 - argparse has no public name for it
    MakeCommand = Callable[..., argparse.ArgumentParser]


def add_reach_commands(commands: Commands, command: MakeCommand) -> None:
    """Add reach, site and transit to the parser."""
    reach = command(commands, "reach", "施設までの近さを地区ごとに出す")
    _study_options(reach)
    reach.add_argument("--places", action="store_true", help="地区ではなく、人の住む所ごとに出す(CSV)")
    reach.add_argument(
        "--format", choices=("table", "csv", "json", "gpkg"), default="table", help="出力の形(既定 table)"
    )
    output_option(reach)
    site = command(commands, "site", "施設をどこに残すか・置くかを計算する")
    _study_options(site, what_if=False)
    site.add_argument("--p", type=_count, required=True, metavar="N", help="施設の数")
    site.add_argument(
        "--objective", choices=("cover", "distance"), required=True,
        help="cover = 半径以内の人を最も多く、distance = 人の距離の合計を最も短く",
    )  # fmt: skip
    site.add_argument(
        "--candidates", choices=("existing", "places"), default="existing",
        help="existing = 今の施設から p か所を残す、places = 今の施設に加えて人の住む所の p か所に置く(既定 existing)",
    )  # fmt: skip
    site.add_argument("--format", choices=("table", "json"), default="table", help="出力の形(既定 table)")
    output_option(site)
    _add_transit(commands, command)


def _study_options(parser: argparse.ArgumentParser, *, what_if: bool = True) -> None:
    add = parser.add_argument
    add("--facilities", default="centres", metavar="FILE|centres|centres+branches|shelters|clinics|stations",
        help="施設の種類、または施設のファイル(既定 centres)")  # fmt: skip
    add("--roads", type=Path, metavar="FILE", help="道路のファイル。付けると道路に沿って測る")
    add(
        "--mode",
        choices=("walk", "car", "winter"),
        default="walk",
        help="移動の手段(既定 walk)。--roads とともに",
    )
    add("--by", choices=("distance", "time"), default="distance",
        help="道路を距離(m)で測るか、所要時間(分)で測るか(既定 distance)")  # fmt: skip
    add("--detour", type=_factor, nargs="?", const=AS_SET, metavar="係数",
        help="直線距離に係数を掛ける(値を省くと設定の係数)")  # fmt: skip
    add("--within", type=float, metavar="M", help="半径(整数。m、--by time のときは分。既定は設定の値)")
    add(
        "--demand",
        choices=tuple(DEMANDS),
        default="areas",
        help="人の点: areas = 小地域、mesh = 1kmメッシュ(既定 areas)",
    )
    add("--count", choices=tuple(COUNTED), default="population", help="数えるもの(既定 population = 人口)")
    add(
        "--hazard",
        choices=HAZARDS,
        metavar="災害",
        help=f"その災害で使える施設だけを数える: {'、'.join(HAZARDS)}",
    )
    on_option(parser)
    if what_if:
        add("--close", nargs="+", default=[], metavar="CODE", help="閉じてみる施設のコード")
        add("--open", nargs="+", default=[], metavar="経度,緯度", help="新しく置いてみる所")
        add("--move", nargs="+", default=[], metavar="CODE@経度,緯度", help="動かしてみる施設と新しい所")


def _add_transit(commands: Commands, command: MakeCommand) -> None:
    transit = command(commands, "transit", "バスの時刻表(GTFS)から地区ごとの交通を出す")
    add = transit.add_argument
    add("--gtfs", type=Path, metavar="FILE", help="GTFS-JP の zip。省くと公表されている便の一覧を出す")
    add("--day", type=day, metavar="YYYY-MM-DD", help="どの日の便か(既定 今日以後の代表的な平日)")
    add("--window", type=_window, metavar="HH:MM-HH:MM", help=f"時間帯(既定 {window_text(WHOLE_DAY)})")
    add("--min-runs", type=_count, metavar="N", help=f"使えるとみなす往復の数(既定 {COVERING_PAIRS})")
    add("--within", type=float, default=None, metavar="M", help="停留所までの距離(既定 設定の値)")
    add("--without-route", nargs="+", default=[], metavar="ID", help="なくしてみる路線(route_id)")
    add("--without-trip", nargs="+", default=[], metavar="ID", help="なくしてみる便(trip_id)")
    add("--stops", type=Path, metavar="FILE", help="国土数値情報 P11 のバス停(時刻表がないとき。便数は不明)")
    add("--on-call", type=Path, metavar="FILE", help="予約制(デマンド)の区域のファイル")
    on_option(transit)
    add("--format", choices=("table", "csv", "json", "gpkg"), default="table", help="出力の形(既定 table)")
    output_option(transit)


def _factor(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        msg = f"「{text}」は数ではありません"
        raise argparse.ArgumentTypeError(msg) from error


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        msg = f"「{text}」は 1 以上の整数ではありません"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _window(text: str) -> tuple[int, int]:
    try:
        return window_of(text)
    except InputRefused as error:
        raise argparse.ArgumentTypeError(f"{error.what}{error.todo}") from error
