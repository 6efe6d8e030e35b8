"""What stands in the form of 試算 between two clicks: filled from an address or an example, emptied, followed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import streamlit as st

from kyodo_geo.errors import InputRefused, NotInForce
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.amounts import exact_text
from kyodo_geo.model.scenario import Scenario, default_place, from_text
from kyodo_geo.rules.book import Rule
from kyodo_geo.rules.formula import How, LeftoverMethod
from kyodo_geo.rules.values import RuleValue
from kyodo_geo.runs import population_choices
from kyodo_geo.views import context, granting

AS_IN_RULE = "rule"
BUDGET, EXAMPLE = "budget", "example"
_TAKEN, _SEEN = "trial_address", "trial_seen"
_FIELDS = {
    "rule", "fiscal_year", BUDGET, "place", "unit", "direction", "leftover", "leftover_to", "protect", "paid_by",
    "reference_day", "population", "title",
}  # fmt: skip


def years(rule: Rule) -> list[int]:
    """Return the fiscal years on whose first day the rule holds, newest first, up to the next one."""
    first = FiscalYear.of(rule.in_force).year
    first += FiscalYear(first).first_day < rule.in_force
    last = FiscalYear.of(rule.ends).year if rule.ends else max(FiscalYear.of(context.today()).year + 1, first)
    return list(range(last, first - 1, -1))


def wants_budget(rule: Rule) -> bool:
    """Say whether any amount of the rule is a part of a budget."""
    return any(one.how in {How.REST, How.SHARE} for term in rule.formula.terms for one in term.amounts)


def supplied_names(rule: Rule) -> list[str]:
    """Return the values the formula asks for and nobody has published for the chosen year, in the order of the file."""
    used = _used(rule)
    return [
        name
        for name in rule.values
        if name in used and (value := value_of(rule, name)) is not None and value.amount is None
    ]


def value_of(rule: Rule, name: str) -> RuleValue | None:
    """Return a value of the rule as of the year that is chosen."""
    value = rule.values[name].at(FiscalYear(st.session_state["fiscal_year"]).first_day).value
    return value if isinstance(value, RuleValue) else None


def published_names(rule: Rule) -> list[str]:
    """Return the published values the formula uses: they can be replaced for a try."""
    open_ones, used = set(supplied_names(rule)), _used(rule)
    return [name for name in rule.values if name in used and name not in open_ones]


def _used(rule: Rule) -> set[str]:
    used = {ref for ref in rule.formula.refs() if isinstance(ref, str)}
    return used | {
        one.value for term in rule.formula.terms for one in term.amounts if isinstance(one.value, str)
    }


def fill(rule: Rule, example: Mapping[str, Any]) -> None:
    """Put an example into the form, or empty it; the mark 例 stays until an amount is changed."""
    state, values = st.session_state, example.get("values", {})
    state[BUDGET] = f"{example['budget_yen']:,}" if "budget_yen" in example else ""
    for name in rule.values:
        state[f"set_{name}"] = f"{values[name]:,}" if name in values else ""
    state[EXAMPLE] = str(example.get("label", ""))
    if not example:
        for key in (granting.SCENARIO, _TAKEN):
            state.pop(key, None)
        st.query_params.clear()


def new_rule() -> None:
    """Empty the amounts and go back to the rule's own rounding: what was entered was meant for another rule."""
    rule = context.rule_book().rule(st.session_state["rule"])
    fill(rule, {})
    st.session_state.update({"place": default_place(rule), "leftover": AS_IN_RULE})


def keep(scenario: Scenario) -> None:
    """Remember that the form and the address now say the same."""
    st.session_state[_TAKEN] = scenario.to_text()


def seen() -> None:
    """Remember what stands in the form at the end of a run, to know an edit from a step back in the browser."""
    st.session_state[_SEEN] = _entered()


def _entered() -> dict[str, object]:
    state = st.session_state
    return {str(key): state[key] for key in state if key in _FIELDS or str(key).startswith("set_")}


def take_address() -> None:
    """Fill the form from the address, or from the scenario of this session when its reader comes back to the page.

    An edit in the form goes before the address, which follows it. Raises InputRefused or NotInForce for a scenario
    that the form cannot hold as it is; the form then stays as it was.
    """
    state = st.session_state
    stands = "rule" in state  # Streamlit forgets a form whose page was left
    text = st.query_params.get("s") or state.get(granting.SCENARIO, "")
    if not text or (stands and (text == state.get(_TAKEN) or state.get(_SEEN) != _entered())):
        return
    state[_TAKEN] = text
    scenario = from_text(text)
    rule = context.rule_book().rule(scenario.rule_id)
    _refuse_what_the_form_has_not(rule, scenario)
    _show(rule, scenario)


def leftovers(rule: Rule) -> list[str]:
    """Return what can become of the leftover: the first instalment takes it only where there are instalments."""
    methods = [
        one
        for one in LeftoverMethod
        if rule.formula.instalments or one is not LeftoverMethod.FIRST_INSTALMENT
    ]
    return [AS_IN_RULE, *methods]


def _refuse_what_the_form_has_not(rule: Rule, scenario: Scenario) -> None:
    if scenario.fiscal_year not in years(rule):
        rule.at(FiscalYear(scenario.fiscal_year).first_day)
        label = FiscalYear(scenario.fiscal_year).label
        raise NotInForce(
            f"{label}の試算はまだできません。", todo=f"{years(rule)[0]} 年度までを選んでください"
        )
    strangers = sorted(set(scenario.supplied) - set(rule.values))
    if strangers:
        raise InputRefused(
            f"{rule.title} に「{'」「'.join(strangers)}」という値はありません。",
            todo=f"次のどれかです: {'、'.join(rule.values)}",
        )
    if scenario.leftover and scenario.leftover.method not in leftovers(rule):
        raise InputRefused(
            f"{rule.title} は分けて交付しないため、残りを第1回の交付に含められません。",
            todo="残りの扱いに別の方法を選んでください",
        )
    granting.units_of(scenario)


def _show(rule: Rule, scenario: Scenario) -> None:
    state = st.session_state
    state["rule"], state["fiscal_year"] = scenario.rule_id, scenario.fiscal_year
    state[BUDGET] = f"{scenario.budget_yen:,}" if scenario.budget_yen is not None else ""
    for name in rule.values:
        state[f"set_{name}"] = typed(scenario.supplied[name]) if name in scenario.supplied else ""
    state["place"], state["unit"] = scenario.place, scenario.rounding.unit_yen
    state["direction"] = scenario.rounding.direction
    state["leftover"] = scenario.leftover.method if scenario.leftover else AS_IN_RULE
    state["leftover_to"] = scenario.leftover.unit_code if scenario.leftover else ""
    percent = scenario.protected_percent
    state["protect"] = typed(percent) if percent is not None else ""
    if scenario.transition:
        state["paid_by"] = scenario.transition.paid_by
    state["reference_day"] = scenario.reference_day
    state["population"] = _choice(scenario.population)
    state["title"] = scenario.title
    state[EXAMPLE] = scenario.title or "例" if scenario.example else ""


def _choice(population: str) -> str:
    """Return the population as the list of the form names it; an address may name a census by its year."""
    choices = population_choices(context.city())
    named = (key for key, label in choices.items() if population and f"({population}年)" in label)
    known = population == granting.FROM_FILE or population in choices
    return population if known else next(named, next(iter(choices)))


def typed(amount: Fraction) -> str:
    """Write an exact amount as it can be typed again: 1,234.5, or 2/3 where no decimal says it."""
    text = exact_text(amount).replace("−", "-")
    return str(amount) if "/" in text else text


def reference_day() -> date | None:
    """Return the reference day that was entered."""
    day = st.session_state.get("reference_day")
    return day if isinstance(day, date) else None
