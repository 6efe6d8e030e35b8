"""The command line: exit 0 good, 1 a refused input or failed check, 2 wrong usage; errors in Japanese on stderr."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

from geo.errors import GeoError
from kyodo_geo.city import City
from kyodo_geo.cli_arguments import build_parser
from kyodo_geo.errors import InputRefused, KyodoError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; only here is a KyodoError caught and printed."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure") and not stream.isatty():
            stream.reconfigure(
                encoding="utf-8", newline=""
            )  # on Windows a pipe would be cp932, and CRLF doubled
    options = build_parser().parse_args(arguments)
    try:
        code = _COMMANDS[options.command](options)
        sys.stdout.flush()
    except (KyodoError, GeoError) as error:
        print(f"エラー: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # the reader of the pipe has what it wanted; without this Python would complain once more at exit
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - stands until the end
        return 0
    return code


def _check(options: Namespace) -> int:
    from kyodo_geo.checks import check_files, reconcile  # noqa: PLC0415 - each command loads only what it needs
    from kyodo_geo.present.check_report import checks_json, checks_text  # noqa: PLC0415

    checks = check_files(options.data)
    if all(check.outcome == "pass" for check in checks):
        checks += reconcile(City.load(options.data), _today())
    _emit(options, checks_json(checks) if options.format == "json" else checks_text(checks))
    return 1 if any(check.outcome == "fail" for check in checks) else 0


def _districts(options: Namespace) -> int:
    from kyodo_geo.figures.build import district_table  # noqa: PLC0415
    from kyodo_geo.present import files, reports  # noqa: PLC0415

    city = City.load(options.data)
    districts = district_table(city, options.on or _today())
    if options.format == "json":
        return _emit(options, reports.districts_json(districts, lines_note=city.facts.lines_note))
    if options.format == "csv":
        return _emit(options, reports.districts_csv(districts))
    frame = files.district_frame(districts, city.shapes(districts.on))
    if options.format == "geojson":
        return _emit(options, files.geojson_bytes(frame))
    if options.output is None:
        raise InputRefused(
            "GeoPackage はファイルにしか書けません。", todo="-o ファイル名.gpkg を付けてください"
        )
    return _emit(options, files.geopackage_bytes(frame))


def _allocate(options: Namespace) -> int:
    from kyodo_geo.cli_grants import allocate_command  # noqa: PLC0415

    return _emit(options, allocate_command(options, _today(), _now()))


def _rules(options: Namespace) -> int:
    from kyodo_geo.cli_grants import rules_command  # noqa: PLC0415

    print(rules_command(options), end="")
    return 0


def _runs(options: Namespace) -> int:
    from kyodo_geo.cli_grants import runs_command  # noqa: PLC0415

    return _emit(options, runs_command(options, _today(), _now()))


def _reach(options: Namespace) -> int:
    from kyodo_geo.cli_reach import reach_command  # noqa: PLC0415

    return _emit(options, reach_command(options, _today()))


def _site(options: Namespace) -> int:
    from kyodo_geo.cli_reach import site_command  # noqa: PLC0415

    return _emit(options, site_command(options, _today()))


def _transit(options: Namespace) -> int:
    from kyodo_geo.cli_transit import transit_command  # noqa: PLC0415

    return _emit(options, transit_command(options, _today()))


def _indicators(options: Namespace) -> int:
    from kyodo_geo.cli_indicators import indicators_command  # noqa: PLC0415

    return _emit(options, indicators_command(options, _today()))


def _project(options: Namespace) -> int:
    from kyodo_geo.cli_project import project_command  # noqa: PLC0415

    return _emit(options, project_command(options, _today()))


def _priority(options: Namespace) -> int:
    from kyodo_geo.cli_priority import priority_command  # noqa: PLC0415

    return _emit(options, priority_command(options, _today()))


def _sample(options: Namespace) -> int:
    from kyodo_geo.cli_indicators import sample_command  # noqa: PLC0415

    written = sample_command(options)
    print(f"架空の体験用データ {len(written)} 個を書きました: {options.output}")
    return 0


def _map(options: Namespace) -> int:
    from kyodo_geo.cli_evidence import informed_city  # noqa: PLC0415
    from kyodo_geo.compose import map_payload  # noqa: PLC0415
    from kyodo_geo.present.map.page import map_page  # noqa: PLC0415

    city = informed_city(options, _today())
    return _emit(options, map_page(map_payload(city, options.on or _today(), indicators=options.indicator)))


def _build_data(options: Namespace) -> int:
    from kyodo_geo.sources.build.run import build_data  # noqa: PLC0415

    written = build_data(options.sources, options.data)
    print(f"{len(written)} 個のファイルを書きました: {options.data}")
    return 0


def _app(options: Namespace) -> int:
    """Start Streamlit as its own process, so that stopping it with Ctrl+C ends as a user expects."""
    app = Path(__file__).resolve().parent.parent / "app.py"
    command = [sys.executable, "-m", "streamlit", "run", str(app)]
    command += ["--server.address", options.address]
    if options.port is not None:
        _require_free(options.address, options.port)
        command += ["--server.port", str(options.port)]
    command += ["--server.headless", "true"] if options.no_browser else []
    print("アプリを開きます(終わるときは Ctrl+C)", flush=True)
    try:
        return subprocess.run(command, check=False, cwd=app.parent).returncode  # noqa: S603 - our own app
    except KeyboardInterrupt:
        return 0


def _require_free(address: str, port: int) -> None:
    """Refuse a port that another program holds, in our words rather than the server's."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as trial:
        if os.name != "nt":  # on Windows this would let a taken port pass
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
        except (OSError, OverflowError) as error:
            raise InputRefused(
                f"{address} のポート {port} は使えません(別のアプリが使っているか、番号が範囲の外です)。",
                todo="--port に別の番号を付けるか、--port を付けずに開いてください",
            ) from error


_COMMANDS: dict[str, Callable[[Namespace], int]] = {
    "check": _check,
    "districts": _districts,
    "allocate": _allocate,
    "rules": _rules,
    "runs": _runs,
    "reach": _reach,
    "site": _site,
    "transit": _transit,
    "indicators": _indicators,
    "project": _project,
    "priority": _priority,
    "sample": _sample,
    "map": _map,
    "build-data": _build_data,
    "app": _app,
}


def _today() -> date:
    return date.today()  # noqa: TID251, DTZ011 - the door of the command line is where the clock may be read


def _now() -> datetime:
    return datetime.now().astimezone()  # noqa: TID251 - see above; the machine's own time zone is meant


def _emit(options: Namespace, content: str | bytes) -> int:
    """Write to the named file, whole or not at all, or to standard output; only a CSV file gets a BOM, no pipe."""
    from kyodo_geo.present.files import write_whole  # noqa: PLC0415
    from kyodo_geo.present.tables import csv_file  # noqa: PLC0415

    if getattr(options, "output", None) is None:
        sys.stdout.write(content if isinstance(content, str) else content.decode("utf-8"))
    elif isinstance(content, bytes):
        write_whole(options.output, content)
    else:
        write_whole(
            options.output,
            csv_file(content) if getattr(options, "format", "") == "csv" else content.encode("utf-8"),
        )
    return 0
