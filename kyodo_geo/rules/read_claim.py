"""From a rule file's [claim] to a Claim: what holds when the money is claimed."""

from __future__ import annotations

from fractions import Fraction

from kyodo_geo.rules.fields import Fields
from kyodo_geo.rules.formula import Claim, Condition


def read_claim(fields: Fields) -> Claim | None:
    """Read what holds at the claim; None when the rule says nothing of it."""
    inner = fields.inner("claim")
    if inner is None:
        return None
    inner.allow(
        {
            "rate",
            "reserve_share",
            "reserve_of",
            "reserve_years",
            "total_years",
            "total_limit",
            "advance_payment",
            "conditions",
        }
    )
    conditions = []
    for row in inner.rows("conditions"):
        row.allow({"text", "reference"}, {"text", "reference"})
        conditions.append(Condition(row.text("text"), row.text("reference")))
    return Claim(
        rate=inner.ref("rate", Fraction(1)),
        reserve_share=inner.ref("reserve_share"),
        reserve_of=_terms(fields, inner),
        reserve_years=inner.ref("reserve_years"),
        total_years=inner.ref("total_years", Fraction(1)),
        total_limit=inner.ref("total_limit"),
        advance_payment=inner.flag("advance_payment", default=False)
        if "advance_payment" in inner.raw
        else None,
        conditions=tuple(conditions),
    )


def _terms(fields: Fields, inner: Fields) -> tuple[str, ...]:
    """Return the ids of the terms a reserve is measured against; none named: all of them."""
    named = inner.raw.get("reserve_of", [])
    known = {row.get("id") for row in fields.raw.get("term", []) if isinstance(row, dict)}
    if not isinstance(named, list) or not all(isinstance(one, str) and one in known for one in named):
        inner.fault('項の id を reserve_of = ["equal", "population"] のように書いてください', "reserve_of")
        return ()
    return tuple(named)
