"""A case as the engine wants it: units, a settled rule with named values, last year."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from kyodo_geo.model.allocation import allocate
from kyodo_geo.model.measures import Unit
from kyodo_geo.provenance import Basis
from kyodo_geo.rules.formula import (
    Addon,
    Amount,
    Band,
    Banded,
    Counting,
    Formula,
    How,
    Instalments,
    Kind,
    Leftover,
    LeftoverMethod,
    Limit,
    PaidBy,
    Term,
    Transition,
)
from kyodo_geo.rules.rounding import Direction, Rounding
from kyodo_geo.rules.settled import Settled, SettledValue

DAY = date(2025, 4, 1)
KNOWN = ("code", "population", "months")


def run(case):
    """Allocate a case by the engine."""
    units = [
        Unit(
            unit["code"],
            f"架空{unit['code']}",
            unit["population"],
            {key: value for key, value in unit.items() if key not in KNOWN},
            unit.get("months", 12),
        )
        for unit in case["units"]
    ]
    return allocate(units, settled(case), last_year_yen=case["last_year"])


def settled(case):
    """The rule of a case; the amount of every term is a named value, all else stands as a number."""
    values = {
        f"{term['id']}_value": SettledValue(
            f"{term['id']}_value",
            f"{term['id']}の値",
            "円",
            Fraction(term["value"]),
            Basis.SUPPLIED,
            DAY,
            "架空",
        )
        for term in case["terms"]
        if term["how"] != "rest"
    }
    formula = Formula(
        terms=tuple(_term(term) for term in case["terms"]),
        addons=tuple(
            Addon(
                one["id"],
                f"加算{one['id']}",
                one["measure"],
                Fraction(one["below"]),
                Fraction(one["value"]),
                Counting("04-01"),
            )
            for one in case["addons"]
        ),
        floor=_limit(case["floor"]),
        cap=_limit(case["cap"]),
        transition=Transition(Fraction(case["transition"][0]), PaidBy(case["transition"][1]))
        if case["transition"]
        else None,
        rounding=_rounding(case["rounding"]),
        total_rounding=_rounding(case["total_rounding"]),
        leftover=Leftover(LeftoverMethod(case["leftover"][0]), case["leftover"][1]),
        instalments=Instalments(tuple(range(4, 4 + case["instalments"][0])), case["instalments"][1])
        if case["instalments"]
        else None,
    )
    return Settled("kakuu", "架空の規則", DAY, formula, values, case["budget"])


def plain(people, terms, **changes):
    """A case with nothing in it but people and terms; `changes` replace its parts."""
    units = [
        {"code": f"{number:02}", "population": count, "months": 12}
        for number, count in enumerate(people, start=1)
    ]
    base = {
        "units": units, "terms": terms, "budget": None, "total_rounding": None, "addons": [], "floor": None,
        "cap": None, "transition": None, "rounding": (1, "floor"), "leftover": ("report", ""), "instalments": None,
        "last_year": {},
    }  # fmt: skip
    return base | changes


def by_people(how="rest", value=0, **changes):
    """A population term."""
    return {
        "id": "people",
        "kind": "population",
        "measure": "population",
        "how": how,
        "value": value,
    } | changes


def equal(how="rate", value=0, **changes):
    """An equal term."""
    return {"id": "equal", "kind": "equal", "how": how, "value": value} | changes


def _term(term):
    return Term(
        id=term["id"],
        label=f"項{term['id']}",
        kind=Kind(term["kind"]),
        amounts=(Amount(How(term["how"]), "" if term["how"] == "rest" else f"{term['id']}_value"),),
        counting=Counting("04-01"),
        measure=term.get("measure", ""),
        per=Fraction(term.get("per", 1)),
        beyond=Fraction(term.get("beyond", 0)),
        step=Fraction(term.get("step", 0)),
        bands=_bands(term.get("bands", ())),
        table=tuple(sorted((code, Fraction(value)) for code, value in term.get("table", {}).items())),
        coefficient=term.get("coefficient", ""),
        coefficient_by=Banded(term["coefficient_by"][0], _bands(term["coefficient_by"][1]))
        if term.get("coefficient_by")
        else None,
        floor=_limit(term.get("floor")),
        cap=_limit(term.get("cap")),
        rounding=_rounding(term.get("rounding")),
        by_months=term.get("by_months", True),
    )


def _bands(bands):
    return tuple(Band(Fraction(lower), Fraction(value)) for lower, value in bands)


def _limit(limit):
    if limit is None:
        return None
    if "value" in limit:
        return Limit(value=Fraction(limit["value"]), paid_by=PaidBy(limit.get("paid_by", "extra")))
    return Limit(
        percent=Fraction(limit["percent"]), of=limit["of"], paid_by=PaidBy(limit.get("paid_by", "extra"))
    )


def _rounding(rounding):
    return Rounding(rounding[0], Direction(rounding[1])) if rounding else None
