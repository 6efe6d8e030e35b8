"""From a rule to the life of its grants: the claim as of a day as conditions, a frozen run as limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from kyodo_geo.errors import Fault, InputRefused
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.allocation import GrantLine
from kyodo_geo.model.amounts import yen_rate
from kyodo_geo.model.grant_events import Conditions, EventKind, GrantEvent
from kyodo_geo.model.grant_refusals import refuse
from kyodo_geo.model.grants import GrantRun
from kyodo_geo.rules.book import Rule
from kyodo_geo.rules.formula import Claim, Ref
from kyodo_geo.rules.values import RuleValue
from kyodo_geo.timeline import Dated

_NOTHING: Mapping[str, Fraction] = MappingProxyType({})
_SHARES = {"rate": "補助率", "reserve_share": "積立の上限"}
_YEARS = {"reserve_years": "積立を使える年度の数", "total_years": "限度額を通算する年度の数"}
_PARTS = {**_SHARES, **_YEARS, "total_limit": "限度額(総額)"}


@dataclass(frozen=True)
class GrantBook:
    """The grants of a rule in a fiscal year: its frozen runs (newest first) and its events, both of all years."""

    rule: Rule
    fiscal_year: int
    runs: Sequence[GrantRun]
    events: Sequence[GrantEvent]

    @property
    def day(self) -> date:
        """The day whose values of the rule hold: the first of the year on which the rule is in force."""
        return max(FiscalYear(self.fiscal_year).first_day, self.rule.in_force)

    @property
    def title(self) -> str:
        """The year and the rule in words."""
        return f"{FiscalYear(self.fiscal_year).label} {self.rule.title}"

    @property
    def runs_of_year(self) -> list[GrantRun]:
        """The frozen runs of the year, newest first."""
        return [run for run in self.runs if run.scenario.fiscal_year == self.fiscal_year]

    def units(self, districts: Mapping[str, str]) -> dict[str, str]:
        """Return the units' names by code: of the newest run of the year, else of any year, else the districts.

        Units with an event but not among them follow, under the name of their last event.
        """
        newest = (self.runs_of_year or [*self.runs])[:1]
        listed = {unit.code: unit.name for run in newest for unit in run.allocation.units}
        listed = listed or dict(districts)
        others = {event.unit_code: event.unit for event in self.events if event.unit_code not in listed}
        return listed | others


def fiscal_years(rule: Rule, today: date) -> list[int]:
    """Return the fiscal years of a rule, newest first, up to its last or to the one after today's."""
    first = FiscalYear.of(rule.in_force).year
    last = FiscalYear.of(rule.ends).year if rule.ends else max(FiscalYear.of(today).year + 1, first)
    return list(range(last, first - 1, -1))


def claim_of(rule: Rule) -> Claim:
    """Return what the rule says of the claim; InputRefused when it says nothing."""
    if rule.claim is None:
        todo = "交付の条件(claim)のある規則を選んでください"
        raise InputRefused(f"{rule.title}には交付の条件が書かれていません。", todo=todo)
    return rule.claim


def missing_values(rule: Rule, day: date) -> dict[str, str]:
    """Return name and label of each number of the claim that nobody has published: the user must supply it."""
    entries = rule.at(day)
    named = [ref for ref in _refs(claim_of(rule)).values() if isinstance(ref, str) and ref]
    return {name: _label(entries[name]) for name in named if _published(entries[name]) is None}


def conditions_of(rule: Rule, day: date, supplied: Mapping[str, Fraction] = _NOTHING) -> Conditions:
    """Return what the rule allows as of a day, with what the user supplied for values nobody has published.

    A value in % counts as hundredths. Where the rule does not say whether money is paid in advance it counts as
    paid: what is left over is then shown as to be returned. Raises NotInForce before the rule's first day and
    InputRefused, all faults at once: a value still missing, a share over 1, years or yen that are not whole, a
    reserve without the years to spend it in.
    """
    claim, entries = claim_of(rule), rule.at(day)
    parts = {part: _number(ref, entries, supplied) for part, ref in _refs(claim).items()}
    missing = missing_values(rule, day)
    faults = [
        Fault(f"{label}({name})を入れてください。公表されていません")
        for name, label in missing.items()
        if name not in supplied
    ]
    if faults := [*faults, *_faults(claim, parts)]:
        raise InputRefused(
            f"{rule.title}: 交付の条件がそろいません。", faults=faults, todo="上の値を確かめてください"
        )
    whole = {part: amount.numerator for part, amount in parts.items() if amount is not None}
    return Conditions(
        rate=parts["rate"] or Fraction(0),
        reserve_share=parts["reserve_share"],
        reserve_years=whole.get("reserve_years", 0),
        total_years=whole.get("total_years", 1),
        total_limit_yen=whole.get("total_limit"),
        advance_payment=claim.advance_payment is not False,
    )


def read_number(text: str, label: str) -> Fraction:
    """Read a number of the claim as people write it: 2/3, 0.5, 10; InputRefused when it is none."""
    numerator, slash, denominator = text.replace("／", "/").partition("/")
    below = yen_rate(denominator, label) if slash else Fraction(1)
    if below <= 0:
        raise InputRefused(
            f"{label}の「{text}」を数として読めません。", todo="2/3、0.5 のように入れてください"
        )
    return yen_rate(numerator, label) / below


def limit_events(  # noqa: PLR0913 - who, when and why belong to every entry
    run: GrantRun,
    entered: Sequence[GrantEvent],
    conditions: Conditions,
    *,
    day: date,
    entered_by: str,
    reason: str = "",
) -> tuple[GrantEvent, ...]:
    """Return one limit for each unit of a frozen run, but for units whose limit already is that amount, in yen.

    Each is held against what was entered before any is returned, so that none is refused half way. Raises
    InputRefused as `refuse` does, and for a trial: a limit stands on a run that can no longer change.
    """
    if run.frozen is None:
        raise InputRefused("確定していない試算は取り込めません。", todo="先に試算を確定してください")
    scheme, year = run.rule.id, run.scenario.fiscal_year
    standing = {
        event.unit_code: event.amount_yen
        for event in entered
        if (event.scheme, event.fiscal_year, event.kind) == (scheme, year, EventKind.LIMIT)
    }
    limits = tuple(
        GrantEvent(
            year, scheme, line.unit.code, line.unit.name, EventKind.LIMIT, line.total_yen, day, entered_by, reason,
            run.run_id, _reserve_base(run, line),
        )
        for line in run.allocation.lines
        if standing.get(line.unit.code) != line.total_yen
    )  # fmt: skip
    for event in limits:
        refuse(event, entered, conditions)
    return limits


def _reserve_base(run: GrantRun, line: GrantLine) -> int | None:
    """Return the yen of the terms a reserve is measured against, rounded down; None where that is the whole limit."""
    named = claim_of(run.rule).reserve_of
    if not named or not {part.id for part in run.allocation.settled.formula.parts} - set(named):
        return None
    last = {column.term_id: column.values for column in run.allocation.columns if column.term_id}
    exact = sum((last[one][line.index] for one in named if one in last), Fraction(0))
    return min(line.total_yen, exact.__floor__())


def _refs(claim: Claim) -> dict[str, Ref]:
    return {part: getattr(claim, part) for part in _PARTS}


def _number(
    ref: Ref, entries: Mapping[str, Dated[RuleValue]], supplied: Mapping[str, Fraction]
) -> Fraction | None:
    if isinstance(ref, Fraction):
        return ref
    if not ref:
        return None
    amount = supplied.get(ref, _published(entries[ref]))
    value = entries[ref].value
    percent = isinstance(value, RuleValue) and value.unit == "%"
    return amount / 100 if amount is not None and percent else amount


def _published(entry: Dated[RuleValue]) -> Fraction | None:
    return entry.value.amount if isinstance(entry.value, RuleValue) else None


def _label(entry: Dated[RuleValue]) -> str:
    return entry.value.label if isinstance(entry.value, RuleValue) else ""


def _faults(claim: Claim, parts: Mapping[str, Fraction | None]) -> Iterator[Fault]:
    for part, amount in parts.items():
        if amount is None:
            continue
        if part in _SHARES and not 0 <= amount <= 1:
            yield Fault(f"{_PARTS[part]}は 0 から 1 までの数です。「{amount}」は使えません")
        if part not in _SHARES and (amount.denominator != 1 or amount < (part in _YEARS)):
            least = "1以上の整数" if part in _YEARS else "0以上の整数(円)"
            yield Fault(f"{_PARTS[part]}は{least}です。「{amount}」は使えません")
    if claim.reserve_share != "" and claim.reserve_years == "":
        yield Fault("積立を使える年度の数(reserve_years)が規則にありません")
