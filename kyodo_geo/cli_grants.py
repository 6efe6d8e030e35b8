"""`allocate`, `rules` and `runs`: from the words of the command line to a run, a rule or the ledger."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

from kyodo_geo.city import City
from kyodo_geo.errors import Fault, InputRefused, KyodoError, RuleFileError
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.ledger import Ledger, rules_folder, workspace
from kyodo_geo.model.amounts import percentage, whole_yen, yen_rate
from kyodo_geo.model.grants import GrantRun, LastYear
from kyodo_geo.model.record import record_of, run_of
from kyodo_geo.model.scenario import Scenario, default_place
from kyodo_geo.model.scenario_file import read_scenarios
from kyodo_geo.present import grant_reports
from kyodo_geo.present.change_report import change_text
from kyodo_geo.present.rule_report import rule_list_text, rule_text
from kyodo_geo.present.workbook import workbook_bytes
from kyodo_geo.rules.book import Rule, RuleBook
from kyodo_geo.rules.formula import Leftover, LeftoverMethod, PaidBy, Transition
from kyodo_geo.rules.rounding import Direction, Rounding
from kyodo_geo.runs import (
    changes_of,
    district_units,
    last_year_of,
    listed_last_year,
    listed_units,
    make_run,
    open_frozen,
    year_change,
)
from kyodo_geo.sources.disk import content_of
from kyodo_geo.sources.rule_files import read_rule_file, with_own_rules
from kyodo_geo.sources.units import read_last_year, read_units_file

_ALIASES = {"equal_percent": "equal_percent", "equal": "equal_yen", "per_head": "per_head_yen"}


def ledger_of(options: Namespace) -> Ledger:
    """Return the ledger of the workspace that is meant."""
    return Ledger(workspace(options.workspace))


def allocate_command(options: Namespace, today: date, now: datetime) -> str | bytes:
    """Return a trial as table, CSV, JSON or workbook."""
    if options.format == "xlsx" and options.output is None:
        raise InputRefused("Excel はファイルにしか書けません。", todo="-o ファイル名.xlsx を付けてください")
    return _written(_trial(options, today), options.format, now)


def rules_command(options: Namespace) -> str:
    """Return the list of rules, one rule in words, or the good news of a checked file."""
    if options.action == "list":
        book, errors = _book(options)
        return "\n".join(
            [rule_list_text(book.rules.values()), *(f"使えない規則ファイル: {one}\n" for one in errors)]
        )
    if options.action == "check":
        rule = read_rule_file(options.file)
        return (
            f"誤りはありません: {rule.id} {rule.title}(項 {len(rule.formula.terms)}、値 {len(rule.values)})\n"
        )
    return rule_text(_rule(options.rule, options))


def runs_command(options: Namespace, today: date, now: datetime) -> str | bytes:
    """Return what was asked of the frozen runs, or freeze one and return its id."""
    ledger = ledger_of(options)
    if options.action == "freeze":
        run = _trial(options, today)
        seen = _seen(run, options)
        record = record_of(run, frozen_at=_stamp(now), frozen_by=options.by, note=options.note, seen=seen)
        stored = ledger.freeze(record)
        return f"確定しました。番号 {stored.run_id}(sha256 {stored.sha256})\n"
    if options.action == "list":
        return _listed(ledger)
    if options.action == "diff":
        before, after = open_frozen(ledger, options.before), open_frozen(ledger, options.after)
        return change_text(before, after, year_change(before, after))
    if options.format == "record":
        return ledger.run(options.run).content
    run = open_frozen(ledger, options.run)
    if options.format == "xlsx" and options.output is None:
        raise InputRefused("Excel はファイルにしか書けません。", todo="-o ファイル名.xlsx を付けてください")
    return _written(run, options.format, now)


def _seen(run: GrantRun, options: Namespace) -> list[str]:
    """Return the flagged checks; without --seen they must be looked at first (a failed check is named by itself)."""
    flagged = [check for check in run.checks if check.outcome == "note"]
    if flagged and not options.seen and not run.failed:
        faults = [Fault(f"{check.label}: {check.found}。{check.reference}") for check in flagged]
        raise InputRefused(
            f"確かめる注意が {len(flagged)} 件あります。",
            faults=faults,
            todo="確かめたら --seen を付けて確定してください",
        )
    return [check.label for check in flagged]


def _listed(ledger: Ledger) -> str:
    """List the frozen runs; one that this version computes otherwise is named below and does not hide the others."""
    runs, unread = list[GrantRun](), list[str]()
    for stored in ledger.runs():
        try:
            runs.append(run_of(stored.record, stored.run_id))
        except KyodoError as error:
            unread.append(f"{stored.run_id}: {error.what}\n")
    return "".join([grant_reports.runs_text(runs) if runs or not unread else "", *unread])


def _stamp(now: datetime) -> str:
    return now.astimezone().isoformat(timespec="seconds")


def _written(run: GrantRun, form: str, now: datetime) -> str | bytes:
    if form == "xlsx":
        # a frozen run's workbook carries the moment it was frozen, so that it is the same bytes every time
        moment = datetime.fromisoformat(run.frozen.frozen_at) if run.frozen else now
        return workbook_bytes(run, written_on=moment, changes=changes_of(run))
    write: dict[str, Callable[[GrantRun], str]] = {
        "table": grant_reports.grant_text,
        "csv": grant_reports.grant_csv,
        "json": grant_reports.grant_json,
    }
    return write[form](run)


def _book(options: Namespace) -> tuple[RuleBook, tuple[RuleFileError, ...]]:
    """Return the shipped rules with those of the workspace, and the errors of files that cannot be used."""
    return with_own_rules(RuleBook.load(), rules_folder(options.workspace))


def _rule(named: str, options: Namespace) -> Rule:
    """Return the rule of a file, or of an id; a broken file of the workspace is named only where no other is meant."""
    if named.endswith(".toml"):
        return read_rule_file(Path(named))
    book, errors = _book(options)
    if named not in book.rules and errors:
        raise errors[0]
    return book.rule(named)


def _trial(options: Namespace, today: date) -> GrantRun:
    city = City.load(options.data)
    scenario, rule = _scenario(options, city, today)
    on = options.on or max(FiscalYear(scenario.fiscal_year).first_day, city.facts.lineage.first_day)
    before = _last_year(options)
    if options.units is None:
        return make_run(rule, scenario, district_units(city, on, scenario.population), before)
    table = read_units_file(options.units, known=city.names.index)
    units = listed_units(table, tuple(dict.fromkeys(city.lines(on).values())))
    return make_run(rule, scenario, units, before or listed_last_year(table))


def _scenario(options: Namespace, city: City, today: date) -> tuple[Scenario, Rule]:
    if options.scenario is not None:
        scenarios = read_scenarios(content_of(options.scenario).decode("utf-8-sig", errors="replace"))
        if len(scenarios) > 1:
            raise InputRefused(
                f"{options.scenario.name} には試算が {len(scenarios)} 件あります。",
                todo="1件だけのファイルを選んでください",
            )
        scenario = scenarios[0]
        return scenario, _rule(options.rule or scenario.rule_id, options)
    rule = _rule(options.rule or city.facts.grant_rule, options)
    _refuse_unheard(options)
    return Scenario(
        rule_id=rule.id,
        fiscal_year=FiscalYear.of(today).year if options.fiscal_year is None else options.fiscal_year,
        population=options.population,
        budget_yen=whole_yen(options.budget, "予算(--budget)") if options.budget is not None else None,
        supplied=_supplied(options),
        place=(options.round_at or "term") if options.round else default_place(rule),
        rounding=Rounding(int(options.round or 1), Direction(options.direction or "floor")),
        leftover=Leftover(LeftoverMethod(options.leftover), options.leftover_to)
        if options.leftover
        else None,
        transition=_transition(options),
        reference_day=options.reference_day,
    ), rule


def _refuse_unheard(options: Namespace) -> None:
    """Refuse an option that would do nothing without another: it would be passed over in silence."""
    lonely = [
        ("--direction", options.direction and not options.round, "--round"),
        ("--round-at", options.round_at and not options.round, "--round"),
        ("--paid-by", options.paid_by and options.protect is None, "--protect"),
        ("--leftover-to", options.leftover_to and options.leftover != "unit", "--leftover unit"),
    ]
    for option, alone, wanted in lonely:
        if alone:
            raise InputRefused(
                f"{option} だけでは何も変わりません。", todo=f"{wanted} と一緒に使ってください"
            )


def _supplied(options: Namespace) -> dict[str, Fraction]:
    """Gather --set and its three short forms; each number is read exactly."""
    supplied: dict[str, Fraction] = {}
    given = [entry.partition("=") for entry in options.set]
    for name, sign, value in given:
        if not sign or not name.strip():
            raise InputRefused(f"--set 「{name}」を読めません。", todo="--set 名前=値 の形で入れてください")
        _refuse_doubled(name.strip(), supplied)
        supplied[name.strip()] = yen_rate(value, f"--set {name.strip()}")
    for option, name in _ALIASES.items():
        text = getattr(options, option)
        if text is not None:
            _refuse_doubled(name, supplied)
            label = f"--{option.replace('_', '-')}"
            supplied[name] = percentage(text, label) if option == "equal_percent" else yen_rate(text, label)
    return supplied


def _refuse_doubled(name: str, supplied: Mapping[str, Fraction]) -> None:
    if name in supplied:
        raise InputRefused(f"値「{name}」が2回入っています。", todo="一つの値は一度だけ入れてください")


def _transition(options: Namespace) -> Transition | None:
    if options.protect is None:
        return None
    return Transition(percentage(options.protect, "経過措置(--protect)"), PaidBy(options.paid_by or "extra"))


def _last_year(options: Namespace) -> LastYear | None:
    """Return last year from a file that is there, else from a frozen run of that id."""
    if options.last_year is None:
        return None
    path = Path(options.last_year)
    if path.suffix or path.exists():
        return LastYear(f"入力ファイル {path.name}", read_last_year(content_of(path), name=path.name))
    return last_year_of(open_frozen(ledger_of(options), options.last_year))
