"""The plans: every dataset whose id begins with plan_ is one plan in TOML."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Collection, Sequence

from kyodo_geo.errors import DataFileError, Fault
from kyodo_geo.model.programmes.plan import Plan, Programme
from kyodo_geo.rules.fields import Fields, decimal_as_written
from kyodo_geo.sources.manifest import Store
from kyodo_geo.sources.plan_rows import (
    read_assessment,
    read_follow_up,
    read_loose,
    read_past,
    read_policy,
    read_programme,
    read_role,
    said,
    year_in,
)
from kyodo_geo.sources.plan_survey import read_survey

PREFIX = "plan_"
_TODO = "計画のファイルの上の所を直してください"
_PLAN = {"id", "title", "publisher", "url", "first_year", "last_year", "reference", "policy", "programme", "assessment"}  # fmt: skip
_PLAN_MAY = {"aim", "years_as_written", "period_note", "not_stated", "loose_schedule", "history", "role", "survey", "follow_up"}  # fmt: skip


def load_plans(store: Store, *, rules: Collection[str] | None = None) -> tuple[Plan, ...]:
    """Return the plans of the data folder by their first year; with `rules`, ids of grant rules must be among them.

    DataFileError gathers every fault of every plan with its key, an id that two plans share included.
    """
    faults: list[Fault] = []
    plans = []
    for source_id in sorted(one for one in store.sources if one.startswith(PREFIX)):
        with store.reading(source_id) as source:
            text = store.bytes_of(source_id).decode("utf-8")
        plans.append(_plan(text, source.file, faults, rules))
    for plan_id, count in Counter(plan.id for plan in plans).items():
        if count > 1:
            faults.append(Fault(f"計画の id「{plan_id}」が{count}つのファイルにあります", column="id"))
    _refuse(faults, "計画のファイル")
    return tuple(sorted(plans, key=lambda plan: (plan.first_year, plan.id)))


def read_plan(text: str, *, name: str, rules: Collection[str] | None = None) -> Plan:
    """Read one plan file; DataFileError gathers every fault with its key, as `load_plans`."""
    faults: list[Fault] = []
    plan = _plan(text, name, faults, rules)
    _refuse(faults, f"計画のファイル {name} ")
    return plan


def _refuse(faults: Sequence[Fault], what: str) -> None:
    if faults:
        raise DataFileError(f"{what}に {len(faults)} 件の誤りがあります。", faults=faults, todo=_TODO)


def _plan(text: str, name: str, faults: list[Fault], rules: Collection[str] | None) -> Plan:
    try:
        raw = tomllib.loads(text.removeprefix("\ufeff"), parse_float=decimal_as_written)
    except (ValueError, RecursionError) as error:
        fault = Fault(str(error), file=name)
        raise DataFileError(
            f"計画のファイル {name} を TOML として読めません。", faults=[*faults, fault], todo=_TODO
        ) from error
    fields = Fields(raw, file=name, place="", faults=faults)
    fields.allow(_PLAN | _PLAN_MAY, _PLAN)
    words, note = read_assessment(fields)
    plan = Plan(
        id=fields.name("id"),
        title=said(fields, "title"),
        publisher=said(fields, "publisher"),
        url=fields.text("url"),
        aim=fields.text("aim"),
        first_year=year_in(fields, "first_year"),
        last_year=year_in(fields, "last_year"),
        years_as_written=fields.texts("years_as_written"),
        period_note=fields.text("period_note"),
        reference=said(fields, "reference"),
        not_stated=fields.texts("not_stated"),
        policies=tuple(read_policy(row) for row in fields.rows("policy")),
        programmes=tuple(read_programme(row, rules) for row in fields.rows("programme")),
        loose=tuple(read_loose(row) for row in fields.rows("loose_schedule")),
        history=tuple(read_past(row) for row in fields.rows("history")),
        roles=tuple(read_role(row) for row in fields.rows("role")),
        assessment=words,
        assessment_note=note,
        follow_up=read_follow_up(fields),
        survey=read_survey(fields),
    )
    _check_together(plan, fields)
    return plan


def _check_together(plan: Plan, fields: Fields) -> None:
    for key, rows in (("policy", plan.policies), ("programme", plan.programmes)):
        if not rows:
            fields.fault(f"[[{key}]] が1つもありません", key)
    count = plan.last_year - plan.first_year + 1
    if count < 1:
        fields.fault("最後の年度(last_year)が最初の年度より前です", "last_year")
    elif plan.years_as_written and len(plan.years_as_written) != count:
        fields.fault(f"計画の{count}年度と同じ数にしてください", "years_as_written")
    _once(fields, [one.no for one in plan.policies], "policy")
    _once(fields, [one.no for one in plan.programmes], "programme")
    _once(fields, [one.no for one in plan.roles], "role")
    _once(fields, [one.word for one in plan.assessment], "assessment.word")
    known = {one.no for one in plan.programmes}
    for words in plan.loose:
        for no in sorted(set(words.programmes) - known):
            fields.fault(f"事業{no}はありません(予定の語「{words.words}」)", "loose_schedule")
    policies = {one.no for one in plan.policies}
    for one in plan.programmes:
        if one.policy not in policies:
            fields.fault(f"事業{one.no}の基本方針{one.policy}はありません", "programme")
        _check_years(plan, one, fields)


def _check_years(plan: Plan, programme: Programme, fields: Fields) -> None:
    for one in programme.schedule:
        if one.first is None or one.last is None:
            continue
        if not plan.first_year <= one.first <= one.last <= plan.last_year:
            fields.fault(
                f"事業{programme.no}の予定「{one.words}」の年度が計画の期間に収まりません", "programme"
            )


def _once(fields: Fields, values: Sequence[object], key: str) -> None:
    for value, count in Counter(values).items():
        if count > 1:
            fields.fault(f"「{value}」が{count}つあります", key)
