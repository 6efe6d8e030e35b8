"""Late programmes, the roll-up by policy, and the rows of the yearly report to the body that watches over the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kyodo_geo.errors import InputRefused
from kyodo_geo.model.programmes.plan import Plan, Policy, Programme
from kyodo_geo.model.programmes.progress import (
    NO_RECORD,
    NOTHING_COMPUTED,
    Computed,
    Figure,
    Progress,
    States,
    figures_of,
)
from kyodo_geo.provenance import Unknown


class Delay(StrEnum):
    """Whether a programme is late: LATE, UNCLEAR (not begun, and the year it was due cannot be read), or NONE."""

    LATE = "遅れ"
    UNCLEAR = "未着手(計画の予定の年度が読み取れない)"
    NONE = ""


@dataclass(frozen=True)
class Tally:
    """How many programmes have each assessment in a fiscal year; `unknown` have none. The sum is all of them.

    `policy` is None for the whole plan; `late` and `unclear` are numbers of programmes.
    """

    policy: Policy | None
    year: int
    counts: Mapping[str, int]
    unknown: int
    late: tuple[int, ...]
    unclear: tuple[int, ...]

    @property
    def programmes(self) -> int:
        """The number of programmes counted."""
        return sum(self.counts.values()) + self.unknown


@dataclass(frozen=True)
class ReportRow:
    """A programme in the yearly report; `before` is its assessment of the year before."""

    policy: Policy
    programme: Programme
    year: int
    planned: str | Unknown
    done: str | Unknown
    evidence: str | Unknown
    figures: tuple[Figure, ...]
    assessment: str | Unknown
    before: str | Unknown
    delay: Delay | Unknown
    next_step: str | Unknown
    sources: tuple[str, ...]


def delay_of(plan: Plan, programme: Programme, state: Progress | Unknown) -> Delay | Unknown:
    """Say whether a programme is late by its assessment of a year; Unknown where it was not assessed.

    Late is what staff call late, and what has not begun though the schedule says 実施 in that year or before. Where
    the years of that schedule cannot be read it is UNCLEAR, except in the plan's last year: by then it was due.
    Words that depend on requests, or only consider, make nothing late.
    """
    word = _assessment(state)
    if isinstance(word, Unknown):
        return word
    meaning = plan.standing_of(word)
    if meaning == "late":
        return Delay.LATE
    return (
        _due(plan, programme, state.year)
        if meaning == "not_begun" and isinstance(state, Progress)
        else Delay.NONE
    )


def late_programmes(plan: Plan, states: States, year: int) -> tuple[Programme, ...]:
    """Return the programmes that are late in a fiscal year, in order."""
    _require_year(plan, year)
    return tuple(one for one in plan.programmes if delay_of(plan, one, states[one.no, year]) is Delay.LATE)


def tally_by_policy(plan: Plan, states: States, year: int) -> tuple[Tally, ...]:
    """Return the tally of each policy in a fiscal year, in order; InputRefused for a year outside the plan."""
    _require_year(plan, year)
    return tuple(
        _tally(plan, states, year, plan.programmes_of(policy.no), policy) for policy in plan.policies
    )


def tally_all(plan: Plan, states: States, year: int) -> Tally:
    """Return the tally of the whole plan in a fiscal year; InputRefused for a year outside the plan."""
    _require_year(plan, year)
    return _tally(plan, states, year, plan.programmes, None)


def report_rows(
    plan: Plan, states: States, year: int, *, computed: Computed = NOTHING_COMPUTED
) -> tuple[ReportRow, ...]:
    """Return a row for each programme in the order of policies; InputRefused for a year outside the plan."""
    _require_year(plan, year)
    return tuple(
        _row(plan, programme, states, year, computed)
        for policy in plan.policies
        for programme in plan.programmes_of(policy.no)
    )


def _row(plan: Plan, programme: Programme, states: States, year: int, computed: Computed) -> ReportRow:
    state = states[programme.no, year]
    known = state if isinstance(state, Progress) else None
    first = year == plan.first_year
    return ReportRow(
        policy=plan.policy_of(programme),
        programme=programme,
        year=year,
        planned=known.planned if known else NO_RECORD,
        done=known.done if known else NO_RECORD,
        evidence=known.evidence if known else NO_RECORD,
        figures=figures_of(programme, year, state, computed=computed),
        assessment=_assessment(state),
        before=Unknown("計画の初年度") if first else _assessment(states[programme.no, year - 1]),
        delay=delay_of(plan, programme, state),
        next_step=known.next_step if known else NO_RECORD,
        sources=known.sources if known else (),
    )


def _due(plan: Plan, programme: Programme, year: int) -> Delay:
    if any(one.kind == "do" and (one.first or plan.last_year) <= year for one in programme.schedule):
        return Delay.LATE
    unread = any(one.first is None and one.kind in {"do", "label"} for one in programme.schedule)
    return Delay.UNCLEAR if unread or not programme.schedule else Delay.NONE


def _tally(
    plan: Plan, states: States, year: int, programmes: Sequence[Programme], policy: Policy | None
) -> Tally:
    words = Counter(_assessment(states[one.no, year]) for one in programmes)
    delays = {one.no: delay_of(plan, one, states[one.no, year]) for one in programmes}
    return Tally(
        policy=policy,
        year=year,
        counts={word: words[word] for word in plan.words},
        unknown=sum(count for word, count in words.items() if word not in plan.words),
        late=tuple(no for no, delay in delays.items() if delay is Delay.LATE),
        unclear=tuple(no for no, delay in delays.items() if delay is Delay.UNCLEAR),
    )


def _assessment(state: Progress | Unknown) -> str | Unknown:
    return state if isinstance(state, Unknown) else state.assessment


def _require_year(plan: Plan, year: int) -> None:
    if not plan.first_year <= year <= plan.last_year:
        span = f"{plan.years[0].label}から{plan.years[-1].label}"
        raise InputRefused(
            f"{year}年度は{plan.title}の期間の外です。", todo=f"{span}までの年度を選んでください"
        )
