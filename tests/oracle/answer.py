"""The whole of the slow calculation, with its own account of the money."""

from __future__ import annotations

from fractions import Fraction

from oracle.slow import HANDS_OUT, Refused, bound, do_terms, hand_out, instalments, paid, rounded, within


def answer(case):
    """Totals, instalments, terms and the account of a case; Refused where there is none."""
    budget = None if case["budget"] is None else Fraction(case["budget"])
    there = (
        rounded(budget, case["total_rounding"]) if budget is not None and case["total_rounding"] else budget
    )
    exact, done, opened = do_terms(case, there)
    sums = [sum(parts) for parts in zip(*done.values(), strict=True)]
    rounding = (1, "floor") if case["leftover"][0] == "first-instalment" else case["rounding"]
    limited = limits(case, sums, done, rounding[0])
    rest_takes_in = opened or (
        case["leftover"][0] in HANDS_OUT and any(term["how"] == "rest" for term in case["terms"])
    )
    asked = {key: exact[key] if not rest_takes_in or key in rests(case) else done[key] for key in done}
    asked_yen = sum(sum(amounts) for amounts in asked.values())
    outside = limited["added_floor"] + limited["added_transition"]
    if there is not None:
        due = sum(limited["amounts"]) - outside
        if min(due, due + asked_yen - sum(sums)) > there:
            raise Refused("over the budget")
    totals, handed = totals_of(case, done, opened, limited, rounding)
    cut = budget - there if budget is not None else 0
    undivided = there - asked_yen if there is not None else 0
    into = (budget if budget is not None else asked_yen) + outside
    return {
        "totals": totals,
        "instalments": [instalments(case, total) for total in totals],
        "terms": {key: amounts for key, amounts in done.items() if not opened or key != opened["id"]},
        "added_floor": limited["added_floor"],
        "added_transition": limited["added_transition"],
        "left_total": cut,
        "left_cap": limited["freed"],
        "left_undivided": undivided,
        "left_rounding": into - sum(totals) - cut - limited["freed"] - undivided,
        "handed_out": handed,
        "opened": opened is not None,
        "floor_cost": limited["floor_cost"],
        "transition_cost": limited["transition_cost"],
    }


def rests(case):
    return [term["id"] for term in case["terms"] if term["how"] == "rest"]


def limits(case, sums, done, unit_yen):
    """Floor, cap and transition of the unit; floor and cap are whole rounding units, and a floor stops at its cap."""
    count, last = len(case["units"]), [case["last_year"].get(unit["code"]) for unit in case["units"]]
    highs = [bound(case["cap"], done, i, unit_yen, up=False) for i in range(count)]
    lows = [
        None if low is None else within(low, None, high)
        for low, high in zip(
            [bound(case["floor"], done, i, unit_yen, up=True) for i in range(count)], highs, strict=True
        )
    ]
    amounts, added_floor, added_transition, floor_cost, transition_cost = sums, 0, 0, 0, 0
    if case["floor"]:
        amounts, added_floor, floor_cost = paid(amounts, lows, case["floor"]["paid_by"], last)
    uncut = sum(amounts)
    amounts = [within(yen, None, high) for yen, high in zip(amounts, highs, strict=True)]
    freed = uncut - sum(amounts)
    if case["transition"]:
        percent, paid_by = case["transition"]
        for i, before in enumerate(last):
            if before is None:
                continue
            kept = rounded(before * percent / 100, (unit_yen, "ceil"))
            lows[i] = kept if lows[i] is None or kept > lows[i] else lows[i]
            highs[i] = None if highs[i] is None else max(highs[i], kept)
        amounts, added_transition, transition_cost = paid(amounts, lows, paid_by, last)
    return {
        "amounts": amounts, "lows": lows, "highs": highs, "freed": freed,
        "added_floor": added_floor, "added_transition": added_transition,
        "floor_cost": floor_cost, "transition_cost": transition_cost,
    }  # fmt: skip


def totals_of(case, done, opened, limited, rounding):
    if not opened:
        plain, final = hand_out(case, limited["amounts"], rounding, limited["lows"], limited["highs"])
        return [int(yen) for yen in final], sum(final) - sum(plain)
    none = [None] * len(case["units"])
    plain, final = hand_out(case, done[opened["id"]], opened["rounding"], none, none)
    others = [
        sum(parts) for parts in zip(*(done[key] for key in done if key != opened["id"]), strict=True)
    ] or [0] * len(final)
    return [int(yen + more) for yen, more in zip(final, others, strict=True)], sum(final) - sum(plain)
