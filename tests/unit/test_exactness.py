"""The code that makes yen, read as source: a float can come in by a literal, by float(), by math, or by dividing two ints."""

from __future__ import annotations

import ast

import pytest

# Everything of the model is yen or counts of the grant but these, which measure the map
OTHER = {"figures", "travel", "ageing", "settings_file", "ranking", "rates", "similar", "profile_choice"}
# The ledger holds its bytes: its own test refuses a float anywhere in a record
WHOLE_MATH = {"ceil", "comb", "factorial", "floor", "gcd", "isqrt", "lcm", "perm"}
# Each left side is a Fraction, or the right side is: an int divided by an int would be a float
DIVIDED = {
    "terms": {"budget * settled.number(amount.value)"},
    "exact": {"pot"},
    "claims": {"amount", "yen_rate(numerator, label)"},
    "scenario": {"yen_rate(numerator, label)"},
    "compare": {"spread", "most"},
    "runs": {"folder"},  # a path
    "units": {"Fraction(top.replace(',', ''))"},
    "limits": {"settled.number(formula.transition.percent)"},
    "leftover": {"one", "whole + unit_yen"},
    "protection": {"settled.number(limit.percent)", "one", "rest", "gain * added"},
    "measures": {"1", "Fraction(self.measures['age_65_over']) * 100"},
}


def paths(repository):
    package = repository / "kyodo_geo"
    folders = [
        *(package / "model").glob("*.py"),
        *(package / "rules").glob("*.py"),
    ]
    single = [package / "runs.py", package / "cli_grants.py", package / "sources" / "units.py"]
    return sorted(path for path in [*folders, *single] if path.stem not in OTHER | {"__init__"})


@pytest.fixture(scope="session")
def code(repository):
    """Every node of the code of yen, by the name of its file."""
    trees = {path.stem: ast.parse(path.read_text(encoding="utf-8")) for path in paths(repository)}
    assert {"allocation", "account", "limits", "terms", "rounding", "settled", "grants"} <= set(trees)
    return {name: list(ast.walk(tree)) for name, tree in trees.items()}


def test_no_float_stands_in_the_code_of_yen(code):
    for name, nodes in code.items():
        found = [node.value for node in nodes if isinstance(node, ast.Constant)]
        assert found
        assert not [value for value in found if isinstance(value, float | complex)], name


def test_no_code_of_yen_names_float(code):
    names = {node.id for nodes in code.values() for node in nodes if isinstance(node, ast.Name)}
    assert "Fraction" in names
    assert "float" not in names
    attributes = {node.attr for nodes in code.values() for node in nodes if isinstance(node, ast.Attribute)}
    assert not attributes & {
        "__float__",
        "as_integer_ratio",
        "from_float",
        "total_seconds",
        "limit_denominator",
    }


def test_what_is_taken_from_math_returns_whole_numbers(code):
    for name, nodes in code.items():
        for node in nodes:
            if isinstance(node, ast.ImportFrom):
                taken = {alias.name for alias in node.names}
                assert node.module != "math" or taken <= WHOLE_MATH, name
                assert node.module not in {"statistics", "random", "cmath"}, name
            if isinstance(node, ast.Import):
                assert not {alias.name for alias in node.names} & {"math", "numpy", "pandas", "statistics"}, (
                    name
                )


def test_no_power_has_a_negative_or_fractional_exponent(code):
    for name, nodes in code.items():
        powers = [
            node.right for node in nodes if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)
        ]
        assert all(not isinstance(power, ast.UnaryOp | ast.BinOp) for power in powers), name


def test_only_fractions_are_divided(code):
    for name, nodes in code.items():
        divisions = [
            node
            for node in nodes
            if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
        ]
        lefts = {ast.unparse(node.left if isinstance(node, ast.BinOp) else node.target) for node in divisions}
        assert lefts <= DIVIDED.get(name, set()), name
