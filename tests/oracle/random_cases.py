"""Random small cases, every part of a formula in them; the same seed gives the same cases."""

from __future__ import annotations

from fractions import Fraction

KINDS = ("equal", "flat", "population", "households", "area", "elderly", "distance", "bands", "table")
METHODS = ("report", "largest-remainder", "sainte-lague", "unit", "first-instalment")
MEASURES = {
    "population": "population",
    "households": "households",
    "area": "area_m2",
    "elderly": "age_75_over",
}
AGEING = [(0, 1), (Fraction(40), Fraction("1.5")), (Fraction(50), 2)]


def random_case(random):
    """One case; about one in ten is a case that must be refused."""
    units = _units(random)
    method = random.choice(METHODS)
    terms, budget = _terms(random, units, method), None
    if any(term["how"] in {"share", "rest"} for term in terms) or random.random() < 0.2:
        budget = random.choice(
            [
                0 if random.random() < 0.1 else random.randint(1, 500),
                random.randint(2_000, 60_000),
                random.randint(20_000, 400_000),
            ]
        )
    named = random.choice(units)["code"] if method == "unit" else ""
    hands_out = method in METHODS[1:4]
    unit_yen = _unit_yen(random, budget, method)
    direction = "floor" if hands_out else _direction(random)
    case = {
        "units": units,
        "terms": terms,
        "budget": budget,
        "total_rounding": (random.choice((10, 1_000)), random.choice(("floor", "floor", "half-up")))
        if random.random() < 0.2
        else None,
        "addons": _addons(random),
        "floor": None,
        "cap": None,
        "transition": None,
        "rounding": (unit_yen, direction),
        "leftover": (method, named),
        "instalments": (random.choice((2, 4)), random.choice((1, 10, 1_000)))
        if method == "first-instalment" or random.random() < 0.2
        else None,
        "last_year": {},
    }
    if random.random() < 0.4:
        _limit(random, case)
    return case


def _unit_yen(random, budget, method):
    if method == "sainte-lague":  # seat by seat: not too many seats
        return 1 if budget is not None and budget <= 500 else random.choice((1_000, 10_000))
    return random.choice((1, 1, 1, 10, 100, 1_000))


def _direction(random):
    return random.choice(("floor", "ceil", "half-up"))


def _units(random):
    units = []
    for number in random.sample(range(1, 30), random.randint(1, 6)):
        population = random.choice([0, random.randint(1, 9), *[random.randint(100, 3_000)] * 4])
        units.append(
            {
                "code": f"{number:02}",
                "population": population,
                "households": random.randint(0, population),
                "area_m2": random.randint(0, 9_999),
                "age_75_over": random.randint(0, population),
                "distance_km": Fraction(random.randint(0, 120), 10),
                "ageing_percent": Fraction(random.randint(200, 700), 10),
                "lamps": random.randint(0, 40),
                "factor": random.choice((Fraction(1), Fraction(1, 2), Fraction(3, 2), Fraction(0))),
                "months": random.choice((12, 12, 12, 12, 6, 5, 0)) if random.random() < 0.3 else 12,
            }
        )
    return units


def _terms(random, units, method):
    number, terms, has_rest = random.choice((1, 1, 2, 2, 3)), [], False
    for place in range(number):
        kind = random.choice(KINDS)
        how = random.choice(("rate", "rate", "share", "fixed", "rest"))
        if how == "rest" and has_rest:
            how = "fixed"
        has_rest |= how == "rest"
        term = {"id": f"t{place}", "kind": kind, "how": how, "value": _value(random, kind, how)}
        _measure(random, term, units)
        if random.random() < 0.15:
            term["coefficient"] = "factor"
        if random.random() < 0.15:
            term["coefficient_by"] = ("ageing_percent", AGEING)
        term["by_months"] = random.random() < 0.8
        rest_handed = how == "rest" and method in METHODS[1:4]
        if random.random() < (0.8 if rest_handed else 0.4):
            # seat by seat: a rest of a large budget takes large units
            unit_yen = (
                1_000 if rest_handed and method == "sainte-lague" else random.choice((1, 10, 100, 1_000))
            )
            term["rounding"] = (unit_yen, "floor" if rest_handed else _direction(random))
        if random.random() < 0.2:
            _term_limit(random, term, terms)
        terms.append(term)
    random.shuffle(terms)
    return terms


def _value(random, kind, how):
    if how == "share":
        return Fraction(random.choice((10, 30, 50, Fraction("33.3"), random.randint(0, 100))))
    if how == "fixed":
        return Fraction(random.choice((0, 100, 20_000, random.randint(1, 50_000))))
    if how == "rest":
        return 0
    if kind in {"equal", "flat"}:
        return Fraction(random.choice((0, 3_000, 2_500, Fraction("100.5"), random.randint(1, 9_999))))
    if kind in {"bands", "table"}:
        return Fraction(random.choice((1, 1, 10)))
    return Fraction(random.choice((1, 2, Fraction("0.5"), Fraction("1.25"), Fraction(1, 3))))


def _measure(random, term, units):
    kind = term["kind"]
    if kind in MEASURES:
        term["measure"] = MEASURES[kind]
    if kind == "area":
        term["per"] = 100
    if kind == "flat" and random.random() < 0.5:
        term["measure"] = "lamps"
    if kind == "distance":
        term |= {
            "measure": "distance_km",
            "beyond": random.choice((0, 2)),
            "step": random.choice((0, 1, Fraction(1, 10))),
        }
    if kind == "bands":
        lowers = [0, *sorted(random.sample(range(1, 3_000), random.randint(0, 3)))]
        term |= {"measure": "population", "bands": [(lower, random.randint(0, 5_000)) for lower in lowers]}
    if kind == "table":
        term["table"] = {unit["code"]: random.randint(0, 5_000) for unit in units}
    if kind == "population" and random.random() < 0.2:
        term["per"] = Fraction("35.5")


def _term_limit(random, term, before):
    free = [one["id"] for one in before if one["how"] != "rest"]
    for key, least in (("floor", 0), ("cap", 500)):
        if random.random() < 0.6:
            term[key] = (
                {"percent": Fraction(random.choice((10, 50, 75))), "of": random.choice(free)}
                if free and random.random() < 0.4
                else {"value": Fraction(random.randint(least, least + 3_000))}
            )


def _addons(random):
    if random.random() < 0.8:
        return []
    value = Fraction(random.choice((1_000, 500, Fraction("0.5"))))
    return [
        {"id": "small", "measure": "population", "below": Fraction(random.choice((0, 500))), "value": value}
    ]


def _limit(random, case):
    """Floors, caps and last years that sometimes bite, sometimes cannot be paid, and mostly do neither."""
    size = random.choice((300, 2_000, 10_000))
    payer = random.choice(("extra", "others", "gainers"))
    wanted = random.choice(("floor", "cap", "transition", "all"))
    if wanted in {"floor", "all"}:
        case["floor"] = {
            "value": Fraction(random.randint(0, size)),
            "paid_by": random.choice(("extra", payer)),
        }
        if random.random() < 0.3:
            of = {"percent": Fraction(random.choice((20, 90))), "of": case["terms"][0]["id"]}
            case["floor"] = of | {"paid_by": payer}
    if wanted in {"cap", "all"}:
        case["cap"] = {"value": Fraction(random.randint(size // 2, size * 3))}
    if wanted in {"transition", "all"}:
        case["transition"] = (Fraction(random.choice((50, 90, 100, Fraction("97.5")))), payer)
    for unit in case["units"]:
        if random.random() < 0.8:
            case["last_year"][unit["code"]] = random.randint(0, random.choice((size // 10, size)))
