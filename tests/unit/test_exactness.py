"""The code that makes yen, read as source: a float can come in by a literal, by float(), or by dividing two ints."""

from __future__ import annotations

import ast


def calculating_code(repository):
    for name in ("allocation", "amounts", "grants"):
        path = repository / "kyodo_geo" / "model" / f"{name}.py"
        yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def test_no_float_stands_in_the_code_of_amounts(repository):
    found = [node for node in calculating_code(repository) if isinstance(node, ast.Constant)]
    assert found
    assert not [node.value for node in found if isinstance(node.value, float)]


def test_no_code_of_amounts_calls_float(repository):
    names = [node.id for node in calculating_code(repository) if isinstance(node, ast.Name)]
    assert "Fraction" in names
    assert "float" not in names


def test_only_fractions_are_divided(repository):
    divided = {
        ast.unparse(node.left)
        for node in calculating_code(repository)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
    }
    # each of these is a Fraction: an int divided by an int would be a float
    assert divided == {
        "exact_yen",
        "Fraction(terms.budget_yen) * terms.equal_percent",
        "pot * unit.population",
    }
