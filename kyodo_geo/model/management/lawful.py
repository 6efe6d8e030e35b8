"""Judging a single change of management by the rules: which rule it falls under, or why none lets it pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kyodo_geo.model.management.values import Spell, Statement
from kyodo_geo.rules.management import (
    COMMUNITY,
    NEEDS,
    NONE,
    TIMINGS,
    UNKNOWN,
    ManagementRules,
    Transition,
)


@dataclass(frozen=True)
class Verdict:
    """What the rules say of a statement: the rule that lets it pass, or the fault; `stands` if it begins a new spell."""

    rule: Transition | None
    fault: str
    stands: bool


def judge(one: Statement, running: Spell | None, rules: ManagementRules) -> Verdict:
    """Judge a statement by what ran on its eve (None on the first day of the centre).

    What is shipped may follow what is shipped as it was published, only a term must not be cut by another; where it
    meets something entered, the rules hold for it too. A look that names another manager or term is refused.
    """
    if not one.entered and not one.planned and (running is None or _as_published(one, running)):
        return _published(one, running, rules)
    # A look after the term says nothing of a renewal: what ran there was not known
    ran_out = one.seen and running and running.term_end and running.term_end < one.since
    before = NONE if running is None else UNKNOWN if ran_out else running.status
    candidates = rules.between(before, one.status, seen=one.seen)
    fitting = [rule for rule in candidates if _in_time(rule, running, one.since)]
    passing = [rule for rule in fitting if not rule.refused]
    if not passing:
        return Verdict(None, _why_not(one, running, fitting or list(candidates), rules), stands=False)
    if one.seen and running and before == one.status:
        return _look_again(one, running, passing[0], rules)
    return Verdict(passing[0], "", stands=True)


def missing_needs(one: Statement, rule: Transition | None, rules: ManagementRules) -> Iterator[str]:
    """Yield what a rule needs and an entered statement does not say; shipped ones need nothing. Plans are not asked."""
    if rule is None or not one.entered:
        return
    has = {
        "manager": bool(one.manager),
        "term_start": not one.year_only,
        "term_end": one.term_end is not None,
        "reason": bool(one.reason),
    }
    for need in rule.needs:
        if not has[need]:
            yield f"{said(one, rules)}: {NEEDS[need]}が要ります(規則 {rule.id}「{rule.label}」 {rule.ground})"


def said(one: Statement, rules: ManagementRules) -> str:
    """Name a statement in a message: where it stands, its day, its status."""
    where = "配布データ" if not one.entered else f"記録 {one.seq}" if one.seq else "この入力"
    plan = "の予定" if one.planned else ""
    return f"{where}({one.since.isoformat()} から{rules.labels[one.status]}{plan})"


def _as_published(one: Statement, running: Spell) -> bool:
    return running.seq is None or one.status == UNKNOWN


def _published(one: Statement, running: Spell | None, rules: ManagementRules) -> Verdict:
    end = running.term_end if running else None
    if running and end is not None and one.status == COMMUNITY and one.since <= end:
        return Verdict(None, f"{said(one, rules)}: 前の指定期間({end} まで)と重なります", stands=False)
    return Verdict(None, "", stands=True)


def _in_time(rule: Transition, running: Spell | None, since: date) -> bool:
    end = running.term_end if running else None
    if rule.timing == "within_term":
        return end is not None and since <= end
    if rule.timing == "day_after_term":
        return end is None or end == since - timedelta(days=1)
    return True


def _why_not(
    one: Statement, running: Spell | None, candidates: list[Transition], rules: ManagementRules
) -> str:
    start = said(one, rules)
    refused = [rule for rule in candidates if rule.refused]
    if refused:
        rule = refused[0]
        return f"{start}: {rule.refused}(規則 {rule.id}「{rule.label}」 {rule.ground})"
    before = rules.labels[running.status] if running else "センターになる前"
    term = f"(指定期間は {running.term_end} まで)" if running and running.term_end else ""
    wanted = "、".join(
        f"規則 {rule.id}「{rule.label}」は{TIMINGS[rule.timing]}({rule.ground})" for rule in candidates
    )
    return f"{start}: {before}{term}からは、この日には変われません。{wanted or '当たる規則がありません'}"


def _look_again(one: Statement, running: Spell, rule: Transition, rules: ManagementRules) -> Verdict:
    """Judge a look at what ran already: it stands where it names a manager or a term nobody knew."""
    others = [
        f"{label}が前の記録「{was}」と違います。更新なら、確認ではなく開始として入れてください"
        for label, now, was in (
            ("管理者", one.manager, running.manager),
            ("指定期間の終わり", one.term_end, running.term_end),
        )
        if now and was and now != was
    ]
    if others:
        return Verdict(rule, f"{said(one, rules)}: {'。'.join(others)}", stands=False)
    adds = bool(one.manager and not running.manager) or bool(one.term_end and not running.term_end)
    return Verdict(rule, "", stands=adds)
