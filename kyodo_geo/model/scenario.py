"""What an officer chose for a run, as one value: it is a file, an address, and the inputs of a frozen run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode

from kyodo_geo.errors import InputRefused
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.amounts import percentage, whole_yen, yen_rate
from kyodo_geo.rules.book import Rule
from kyodo_geo.rules.formula import Formula, How, Kind, Leftover, LeftoverMethod, PaidBy, Term, Transition
from kyodo_geo.rules.rounding import TO_THE_YEN, Direction, Rounding
from kyodo_geo.rules.settled import Settled

PLACES = {"rule": "規則のとおり", "term": "項ごと", "unit": "合計額だけ"}
_SET = "set."
_TITLE = 80  # characters of a title that are kept
_YEARS = range(1950, 2201)
_LONGEST = 30  # digits of a denominator: Python itself refuses very long numbers
# these say something only beside another part: alone they would be passed over in silence
_ONLY_WITH = {"round": "place", "direction": "place", "to": "leftover", "paid_by": "protect"}


@dataclass(frozen=True)
class Scenario:
    """The inputs of a run beside its units: rule, fiscal year, supplied values, budget, and what replaces the rule.

    `rounding` with its `place` (rule, term, unit) replaces the rule's roundings; `leftover` and `transition` replace
    the rule's when given. `reference_day` is supplied where the rule leaves it open. `population` names the dataset of people; `title` is the officer's own name for it.
    Raises InputRefused for a fiscal year or a protected percentage that `from_text` could not read back.
    """

    rule_id: str
    fiscal_year: int
    population: str = ""
    budget_yen: int | None = None
    supplied: Mapping[str, Fraction] = field(default_factory=lambda: MappingProxyType({}))
    place: str = "rule"
    rounding: Rounding = TO_THE_YEN
    leftover: Leftover | None = None
    transition: Transition | None = None
    reference_day: date | None = None
    title: str = ""
    example: bool = False

    def __post_init__(self) -> None:
        if self.fiscal_year not in _YEARS:
            raise _no_year(str(self.fiscal_year))
        if self.protected_percent is not None and not 0 <= self.protected_percent <= 100:
            raise InputRefused("経過措置の割合は 0 から 100 までの数です。")

    def settle(self, rule: Rule) -> Settled:
        """Return the rule as of the first day of the fiscal year with this scenario's choices in it."""
        day = FiscalYear(self.fiscal_year).first_day
        settled = rule.settle(day, self.supplied, budget_yen=self.budget_yen)
        return replace(settled, formula=self._changed(settled.formula))

    def _changed(self, formula: Formula) -> Formula:
        if self.place == "term" or (self.place == "rule" and not states_rounding(formula)):
            terms = tuple(_rounded(term, self.rounding) for term in formula.terms)
            formula = replace(formula, terms=terms, rounding=Rounding())
        elif self.place == "unit":
            terms = tuple(replace(term, rounding=None) for term in formula.terms)
            formula = replace(formula, terms=terms, rounding=self.rounding)
        if self.leftover is not None:
            formula = replace(formula, leftover=self.leftover)
        if self.transition is not None:
            formula = replace(formula, transition=self.transition)
        _refuse_rounding_up(formula)
        return formula

    @property
    def protected_percent(self) -> Fraction | None:
        """The percentage of last year that a transition protects, None without one."""
        percent = self.transition.percent if self.transition else None
        return percent if isinstance(percent, Fraction) else None

    def to_text(self) -> str:
        """Write the scenario as an address writes it: rule=…&fy=…&budget=…&set.name=…; `from_text` reads it back."""
        parts: dict[str, str] = {"rule": self.rule_id, "fy": str(self.fiscal_year)}
        if self.title:
            parts["title"] = self.title[:_TITLE]
        if self.population:
            parts["pop"] = self.population
        if self.budget_yen is not None:
            parts["budget"] = str(self.budget_yen)
        parts |= {f"{_SET}{name}": str(amount) for name, amount in sorted(self.supplied.items())}
        if self.place != "rule":
            parts |= {
                "place": self.place,
                "round": str(self.rounding.unit_yen),
                "direction": self.rounding.direction,
            }
        if self.leftover is not None:
            parts |= {"leftover": self.leftover.method}
            parts |= {"to": self.leftover.unit_code} if self.leftover.unit_code else {}
        if self.transition is not None:
            parts |= {"protect": str(self.transition.percent), "paid_by": self.transition.paid_by}
        if self.reference_day is not None:
            parts["day"] = self.reference_day.isoformat()
        return urlencode(parts | ({"example": "1"} if self.example else {}))


def default_place(rule: Rule) -> str:
    """Return where amounts are rounded unless somebody chooses: as the rule says, or term by term where it says nothing."""
    return "rule" if states_rounding(rule.formula) else "term"


def states_rounding(formula: Formula) -> bool:
    """Whether a rule says anything of rounding; where it does not, each term is cut to whole yen."""
    own = any(term.rounding for term in formula.terms)
    return own or formula.rounding != Rounding() or formula.total_rounding is not None


def from_text(text: str) -> Scenario:
    """Read a scenario back from `Scenario.to_text`; InputRefused names the part that cannot be read."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=60)
    except ValueError as error:
        raise InputRefused(
            "保存した試算の文字列を読めません。", todo="ファイルか URL をもう一度写してください"
        ) from error
    given = dict(pairs)
    known = {"rule", "fy", "title", "pop", "budget", "place", "round", "direction", "leftover", "to", "protect", "paid_by", "day", "example"}  # fmt: skip
    strangers = sorted(key for key in given if key not in known and not key.startswith(_SET))
    said = f"知らない項目: {'、'.join(strangers)}" if strangers else _disorder(given, len(pairs))
    if said:
        raise InputRefused(f"保存した試算を読めません({said})。", todo="この版で保存し直してください")
    return Scenario(
        rule_id=given["rule"],
        fiscal_year=_year(given["fy"]),
        population=given.get("pop", ""),
        budget_yen=whole_yen(given["budget"], "予算") if "budget" in given else None,
        supplied={
            key.removeprefix(_SET): _exact(value, key) for key, value in given.items() if key.startswith(_SET)
        },
        place=_one_of(given.get("place", "rule"), PLACES, "端数処理の場所"),
        rounding=Rounding(
            whole_yen(given.get("round", "1"), "端数処理の単位"),
            Direction(_one_of(given.get("direction", "floor"), [*Direction], "端数の向き")),
        ),
        leftover=_leftover(given),
        transition=_transition(given),
        reference_day=_day(given["day"]) if "day" in given else None,
        title=given.get("title", "")[:_TITLE],
        example=given.get("example") == "1",
    )


def _disorder(given: Mapping[str, str], count: int) -> str:
    """Say what is missing or stands twice among the parts of an address, "" when nothing does."""
    if "rule" not in given or "fy" not in given:
        return "規則(rule)か年度(fy)がありません"
    if count != len(given):
        return "同じ項目が2回あります"
    there = {key for key in given if (key, given[key]) != ("place", "rule")}
    alone = [
        f"{key} には {wanted} が要ります"
        for key, wanted in _ONLY_WITH.items()
        if key in there and wanted not in there
    ]
    return "、".join(alone)


def _leftover(given: Mapping[str, str]) -> Leftover | None:
    if "leftover" not in given:
        return None
    return Leftover(
        LeftoverMethod(_one_of(given["leftover"], [*LeftoverMethod], "残りの扱い")), given.get("to", "")
    )


def _transition(given: Mapping[str, str]) -> Transition | None:
    if "protect" not in given:
        return None
    percent = (
        percentage(given["protect"], "経過措置の割合")
        if "/" not in given["protect"]
        else _exact(given["protect"], "protect")
    )
    return Transition(percent, PaidBy(_one_of(given.get("paid_by", "extra"), [*PaidBy], "経過措置の負担")))


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise _no_year(text)
    return int(text)


def _no_year(text: str) -> InputRefused:
    todo = f"{_YEARS[0]} から {_YEARS[-1]} までの西暦(例 2025)で入れてください"
    return InputRefused(f"年度「{text[:_LONGEST]}」は使えません。", todo=todo)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputRefused(
            f"基準日「{text}」を読めません。", todo="2025-04-01 のように入れてください"
        ) from error


def _exact(text: str, label: str) -> Fraction:
    numerator, slash, denominator = text.partition("/")
    whole = denominator.isascii() and denominator.isdigit() and len(denominator) <= _LONGEST
    if slash and not (whole and int(denominator)):
        raise InputRefused(
            f"{label}の「{text[:_LONGEST]}」を数として読めません。",
            todo="100、0.5、1/2 のように入れてください",
        )
    return yen_rate(numerator, label) / (int(denominator) if slash else 1)


def _one_of(word: str, allowed: Mapping[str, str] | list[str], label: str) -> str:
    if word not in allowed:
        raise InputRefused(
            f"{label}「{word}」は使えません。", todo=f"{'、'.join(allowed)} から選んでください"
        )
    return word


def _rounded(term: Term, rounding: Rounding) -> Term:
    """Round a term by itself; an equal or flat sum entered in yen stays as it was entered."""
    entered = term.amount.how is How.RATE and term.kind in {Kind.EQUAL, Kind.FLAT} and not term.coefficient
    return term if entered else replace(term, rounding=rounding)


def _refuse_rounding_up(formula: Formula) -> None:
    rests = [term.rounding for term in formula.terms if term.amount.how is How.REST and term.rounding]
    used = [*rests, formula.rounding]
    if formula.leftover.method.hands_out and any(one.direction is not Direction.FLOOR for one in used):
        raise InputRefused(
            f"残りを{formula.leftover.method.label}ときは、端数処理を切り捨てにします。",
            todo="端数処理を切り捨てにするか、残りを「配らずに示す」にしてください",
        )
