"""An allocation done slowly from the words of the ordinances: plain loops over fractions, no code of the engine.

A case is a plain dictionary (see `random_cases`). The answer is a dictionary of yen, or `Refused`.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

HANDS_OUT = ("largest-remainder", "sainte-lague", "unit")


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """The case cannot be calculated, with a word for the reason."""


def rounded(yen, rounding):
    unit, direction = rounding
    below = Fraction(yen // unit * unit)
    if yen == below or direction == "floor":
        return below
    if direction == "ceil":
        return below + unit
    return below + unit if yen - below >= Fraction(unit, 2) else below


def value_of_band(bands, measured):
    found = None
    for lower, value in bands:
        if measured >= lower:
            found = value
    return found


def weight(term, unit):
    """What one unit counts in a term."""
    if term.get("bands"):
        counted = value_of_band(term["bands"], unit[term["measure"]])
    elif term.get("table"):
        counted = term["table"][unit["code"]]
    elif term.get("measure"):
        counted = Fraction(unit[term["measure"]])
        if counted < term.get("beyond", 0):
            counted = Fraction(0)
        else:
            counted -= term.get("beyond", 0)
        if term.get("step"):
            counted -= counted % term["step"]
        counted /= term.get("per", 1)
    else:
        counted = Fraction(1)
    if term.get("coefficient"):
        counted *= unit[term["coefficient"]]
    if term.get("coefficient_by"):
        measure, bands = term["coefficient_by"]
        counted *= value_of_band(bands, unit[measure])
    if term.get("by_months", True):
        counted *= Fraction(unit["months"], 12)
    return Fraction(counted)


def bound(limit, done, index, unit_yen, *, up):
    """The floor (up) or cap (down) of one unit in yen, a multiple of the rounding unit, or None."""
    if limit is None:
        return None
    yen = limit["value"] if "value" in limit else done[limit["of"]][index] * limit["percent"] / 100
    if unit_yen is None:
        return yen
    return rounded(yen, (unit_yen, "ceil" if up else "floor"))


def within(yen, low, high):
    if low is not None and yen < low:
        yen = low
    if high is not None and yen > high:
        yen = high
    return yen


def do_terms(case, budget):
    """Exact and rounded amounts of each term, and the rest term on which the leftover is to be handed out, if any."""
    units, exact, done = case["units"], {}, {}
    extras = {
        addon["id"]: [
            addon["value"] if unit[addon["measure"]] < addon["below"] else Fraction(0) for unit in units
        ]
        for addon in case["addons"]
    }
    opened, waiting = None, list(case["terms"])
    hands_out = case["leftover"][0] in HANDS_OUT
    while waiting:
        term = next(one for one in waiting if may_come(one, waiting, done))
        waiting.remove(term)
        weights = [weight(term, unit) for unit in units]
        if term["how"] == "rate":
            amounts = [term["value"] * each for each in weights]
        else:
            amounts = divided(pot(case, term, budget, done if hands_out else exact, extras), weights)
        unit_yen = term["rounding"][0] if term.get("rounding") else None
        amounts = [
            within(
                yen,
                bound(term.get("floor"), done, i, unit_yen, up=True),
                bound(term.get("cap"), done, i, unit_yen, up=False),
            )
            for i, yen in enumerate(amounts)
        ]
        exact[term["id"]] = done[term["id"]] = amounts
        if is_open(case, term, done, extras):
            opened = term
        elif term.get("rounding"):
            done[term["id"]] = [rounded(yen, term["rounding"]) for yen in amounts]
    return exact | extras, done | extras, opened


def may_come(term, waiting, done):
    if term["how"] == "rest" and len(waiting) > 1:
        return False
    return all(
        limit["of"] in done for limit in (term.get("floor"), term.get("cap")) if limit and "of" in limit
    )


def is_open(case, term, done, extras):
    """Handed out on the rest term: it is rounded by itself, and no limit and no coarser rounding comes after it."""
    if term["how"] != "rest" or not term.get("rounding") or case["leftover"][0] not in HANDS_OUT:
        return False
    if any(case[key] for key in ("floor", "cap", "transition")) or case["rounding"][0] > 1:
        return False
    if term.get("floor") or term.get("cap"):
        return False
    others = [yen for key, amounts in (done | extras).items() if key != term["id"] for yen in amounts]
    return all(yen == int(yen) for yen in others)


def pot(case, term, budget, taken, extras):
    if term["how"] == "share":
        return budget * term["value"] / 100
    if term["how"] == "fixed":
        return term["value"]
    left = budget
    for amounts in (*taken.values(), *extras.values()):
        left -= sum(amounts)
    if left < 0:
        raise Refused("the budget does not reach")
    return left


def divided(whole, weights):
    if sum(weights) == 0:
        raise Refused("nobody to divide by")
    return [whole * each / sum(weights) for each in weights]


def paid(amounts, lows, paid_by, last_year):
    """Raise all to their minimum; return the new amounts, what came from outside, and what it cost somebody."""
    raised = [within(yen, low, None) for yen, low in zip(amounts, lows, strict=True)]
    cost = sum(raised) - sum(amounts)
    if cost == 0 or paid_by == "extra":
        return raised, cost, cost
    floors = [low or Fraction(0) for low in lows]
    if paid_by == "gainers":
        gains = []
        for yen, low, before in zip(raised, floors, last_year, strict=True):
            gains.append(
                Fraction(0)
                if before is None
                else max(yen - before, Fraction(0))
                if before > low
                else yen - low
            )
        if cost > sum(gains):
            raise Refused("those who gain cannot pay")
        return [yen - gain * cost / sum(gains) for yen, gain in zip(raised, gains, strict=True)], 0, cost
    if sum(floors) > sum(amounts):
        raise Refused("the others cannot pay")
    return shrunk(amounts, floors), 0, cost


def shrunk(amounts, floors):
    """Find the factor at which the sum of max(floor, factor × amount) is the old sum: it is linear between the kinks."""

    def sum_at(factor):
        return sum(max(low, factor * yen) for yen, low in zip(amounts, floors, strict=True))

    whole = sum(amounts)
    kinks = sorted(
        {
            Fraction(0),
            Fraction(1),
            *(Fraction(low) / yen for yen, low in zip(amounts, floors, strict=True) if 0 < low < yen),
        }
    )
    for lower, upper in pairwise(kinks):
        if sum_at(lower) <= whole <= sum_at(upper):
            rise = sum_at(upper) - sum_at(lower)
            factor = upper if rise == 0 else lower + (upper - lower) * (whole - sum_at(lower)) / rise
            return [max(low, factor * yen) for yen, low in zip(amounts, floors, strict=True)]
    raise AssertionError


def largest_remainder(quotas, codes, unit_yen):
    got = [yen // unit_yen * unit_yen for yen in quotas]
    rests = [yen - have for yen, have in zip(quotas, got, strict=True)]
    spare = sum(rests) // unit_yen
    while spare > 0:
        best = min((i for i in range(len(codes))), key=lambda i: (-rests[i], codes[i]))
        got[best] += unit_yen
        rests[best] = Fraction(-1)
        spare -= 1
    return got


def highest_averages(quotas, codes, unit_yen, lows, highs):
    """One rounding unit at a time to the largest quota / (2 × units held + 1), minimums first."""
    held = [int((low or 0) / unit_yen) for low in lows]
    for _ in range(int(sum(quotas) // unit_yen) - sum(held)):
        able = [i for i, high in enumerate(highs) if high is None or (held[i] + 1) * unit_yen <= high]
        if not able or sum(quotas) == 0:
            break
        held[min(able, key=lambda i: (-Fraction(quotas[i]) / (2 * held[i] + 1), codes[i]))] += 1
    return [have * unit_yen for have in held]


def hand_out(case, quotas, rounding, lows, highs):
    """Round the amounts on which the method works and hand out what it hands out: without it, and with it."""
    codes, (method, named) = [unit["code"] for unit in case["units"]], case["leftover"]
    plain = [rounded(yen, rounding) for yen in quotas]
    if method == "largest-remainder":
        return plain, largest_remainder(quotas, codes, rounding[0])
    if method == "sainte-lague":
        return plain, highest_averages(quotas, codes, rounding[0], lows, highs)
    if method != "unit":
        return plain, plain
    spare, final = sum(quotas) // 1 - sum(plain), list(plain)
    place = codes.index(named)
    final[place] += spare if highs[place] is None else min(spare, highs[place] - plain[place])
    return plain, final


def instalments(case, total):
    if not case["instalments"]:
        return ()
    count, unit_yen = case["instalments"]
    if case["leftover"][0] == "first-instalment":
        unit_yen = max(unit_yen, case["rounding"][0])
    later = 0
    while (later + unit_yen) * count <= total:
        later += unit_yen
    return (total - later * (count - 1), *[later] * (count - 1))
