from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from fictional import grants
from fictional.grants import PEOPLE
from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.model.check import Check
from kyodo_geo.model.explain import steps
from kyodo_geo.model.grants import FROZEN, TRIAL, Frozen
from kyodo_geo.provenance import Basis
from kyodo_geo.rules.formula import Leftover, LeftoverMethod
from kyodo_geo.rules.rounding import ROUNDING_UNITS, Rounding

METHODS = [one for one in LeftoverMethod if one is not LeftoverMethod.FIRST_INSTALMENT]


@given(st.integers(4_000, 10**8), st.sampled_from(METHODS), st.sampled_from(ROUNDING_UNITS))
def test_every_line_has_one_total_and_its_terms_and_their_rest_make_it(budget, method, unit_yen):
    run = grants.run(budget_yen=budget, rounding=Rounding(unit_yen), leftover=Leftover(method, "1"))
    assert [line.unit for line in run.allocation.lines] == list(grants.UNITS)
    for index, line in enumerate(run.allocation.lines):
        assert line.index == index
        assert sum(line.terms_yen.values()) == line.total_yen
        found = [step for step in steps(run.allocation, index) if step.id == "total"]
        assert [step.exact for step in found] == [line.total_yen]
        assert {type(yen) for yen in (line.total_yen, *line.terms_yen.values())} == {int}


def test_a_run_is_a_trial_until_it_is_frozen():
    run = grants.run()
    assert (run.status, run.run_id, TRIAL, FROZEN) == ("試算", "", "試算", "確定")
    frozen = replace(run, frozen=Frozen("abcd1234", "2025-04-01T09:00:00+09:00", "架空 太郎"))
    assert (frozen.status, frozen.run_id) == ("確定", "abcd1234")


def test_the_basis_of_a_run_is_the_weakest_of_its_people_and_its_values():
    by_file = grants.rule(*(
        (f'label = "{label}"\nunit = "円"\nsince = 2020-04-01\nto_be_supplied = true',
         f'label = "{label}"\nunit = "円"\nsince = 2020-04-01\namount = 5')
        for label in ("均等割の額", "1人当たりの額")
    ))  # fmt: skip
    assert grants.run(by_file, supplied={}).basis is Basis.PUBLISHED
    assert grants.run(by_file, supplied={"equal_yen": Fraction(5)}).basis is Basis.SUPPLIED
    assert grants.run().basis is Basis.SUPPLIED
    assert grants.run(people=replace(PEOPLE, basis=Basis.ESTIMATED)).basis is Basis.ESTIMATED
    assert grants.run(example=True).basis is Basis.FICTIONAL


def test_only_failed_checks_are_called_failed():
    checks = tuple(Check(word, "", "", "", "", word) for word in ("pass", "fail", "note"))
    assert [one.id for one in replace(grants.run(), checks=checks).failed] == ["fail"]
