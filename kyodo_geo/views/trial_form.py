"""The form of 試算: rule, year, people, amounts, rounding, last year; what is entered becomes one Scenario."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import streamlit as st

from kyodo_geo.errors import InputRefused
from kyodo_geo.fiscal import FiscalYear
from kyodo_geo.model.amounts import percentage, whole_yen, yen_rate
from kyodo_geo.model.grants import GrantRun
from kyodo_geo.model.scenario import PLACES, Scenario, default_place
from kyodo_geo.rules.book import Rule
from kyodo_geo.rules.formula import Leftover, LeftoverMethod, PaidBy, Transition
from kyodo_geo.rules.rounding import ROUNDING_UNITS, Direction, Rounding
from kyodo_geo.runs import population_choices
from kyodo_geo.views import context, form_state, granting

_LAST_RUN, _LAST_FILE, _UNITS_FILE = "last_run", "last_file", "units_file"


def choose_rule() -> Rule:
    """Let the user choose a rule, the city's own first, and a fiscal year in which it holds."""
    book = context.rule_book().rules
    own = context.city().facts.grant_rule
    ordered = sorted(book, key=lambda key: (bool(book[key].place), key != own))
    left, right = st.columns([3, 1])
    chosen = left.selectbox(
        "規則",
        ordered,
        format_func=lambda key: f"{book[key].place + ' ' if book[key].place else ''}{book[key].title}",
        key="rule",
        on_change=form_state.new_rule,
    )
    rule = book[chosen]
    offered = form_state.years(rule)
    if st.session_state.get("fiscal_year") not in offered:
        st.session_state["fiscal_year"] = min(
            max(FiscalYear.of(context.today()).year, offered[-1]), offered[0]
        )
    right.selectbox("年度", offered, format_func=lambda year: FiscalYear(year).label, key="fiscal_year")
    return rule


def scenario(rule: Rule) -> Scenario | None:
    """Return what is entered as a scenario; None while nothing is, InputRefused for what cannot be read."""
    population = _population()
    texts = _amounts(rule)
    place, rounding, leftover = _rounding(rule)
    transition, title = _more()
    form_state.seen()
    budget, supplied = _read(rule, texts)
    percent = percentage(transition[0], "経過措置の割合") if transition[0].strip() else None
    needs_amount = bool(form_state.supplied_names(rule)) or form_state.wants_budget(rule)
    if needs_amount and budget is None and not supplied:
        return None
    made = Scenario(
        rule_id=rule.id,
        fiscal_year=st.session_state["fiscal_year"],
        population=population,
        budget_yen=budget,
        supplied=supplied,
        place=place,
        rounding=rounding,
        leftover=leftover,
        transition=Transition(percent, transition[1]) if percent is not None else None,
        reference_day=form_state.reference_day(),
        title=title,
        example=bool(st.session_state.get(form_state.EXAMPLE)),
    )
    form_state.keep(made)
    return made


def _population() -> str:
    """Let the user choose the people who count: a census by district, or a table of their own."""
    choices = population_choices(context.city())
    left, right = st.columns([1, 1], vertical_alignment="bottom")
    brought = st.session_state.get(granting.UNITS)
    if brought:
        choices = {**choices, granting.FROM_FILE: f"読み込んだ表 {brought[0]}"}
    if st.session_state.get("population") not in choices:
        st.session_state["population"] = next(iter(choices))
    chosen = left.selectbox("人口", list(choices), format_func=choices.__getitem__, key="population")
    with right.popover("単位の表を読み込む(CSV)", width="stretch"):
        st.caption(
            "列: unit_code(または district_code), unit, population。ほかの列(households, area_m2, age_65_over, months, last_year_yen など)も読みます。"
        )
        st.file_uploader("単位の表", type="csv", key=_UNITS_FILE, on_change=_bring_units)
    return chosen or ""


def _bring_units() -> None:
    """Take the table that was brought and count its people; taken away, the newest census counts again."""
    given = st.session_state[_UNITS_FILE]
    if given is None:
        st.session_state.pop(granting.UNITS, None)
        st.session_state.pop("population", None)
        return
    st.session_state[granting.UNITS] = (given.name, given.getvalue())
    st.session_state["population"] = granting.FROM_FILE


def _amounts(rule: Rule) -> dict[str, str]:
    """Ask for the budget and every value to be supplied; published values can be replaced for a try."""
    names, published = form_state.supplied_names(rule), form_state.published_names(rule)
    optional: set[object] = set() if form_state.wants_budget(rule) else {form_state.BUDGET}
    optional |= {one.value for term in rule.formula.terms if term.optional for one in term.amounts}
    fields = [*([form_state.BUDGET] if form_state.wants_budget(rule) or names else []), *names]
    texts: dict[str, str] = {}
    if any(len(term.amounts) > 1 for term in rule.formula.terms):
        st.caption("予算を分けるか、1単位・1人当たりの額を入れるか、項ごとにどちらか1つを入れます。")
    columns = st.columns(max(len(fields), 4), vertical_alignment="bottom") if fields else []
    for field, column in zip(fields, columns, strict=False):
        key = field if field == form_state.BUDGET else f"set_{field}"
        label = "予算(円)" if field == form_state.BUDGET else _label(rule, field)
        label += " 任意" if field in optional else ""
        texts[field] = column.text_input(label, key=key, on_change=_no_example)
    if published:
        with st.expander("公表されている値を変えて試す"):
            for name in published:
                label = f"{_label(rule, name)} 規則では {_amount(rule, name)}"
                texts[name] = st.text_input(label, key=f"set_{name}", on_change=_no_example)
    return texts


def _read(rule: Rule, texts: Mapping[str, str]) -> tuple[int | None, dict[str, Fraction]]:
    """Read the budget and the values that were entered."""
    given = {name: text for name, text in texts.items() if text.strip()}
    budget = given.pop(form_state.BUDGET, None)
    supplied = {name: _number(rule, name, text) for name, text in given.items()}
    return (whole_yen(budget, "予算") if budget is not None else None), supplied


def _label(rule: Rule, name: str) -> str:
    value = form_state.value_of(rule, name)
    if value is None:
        return name
    return f"{value.label}({value.unit})" if value.unit and value.unit not in value.label else value.label


def _amount(rule: Rule, name: str) -> str:
    value = form_state.value_of(rule, name)
    return form_state.typed(value.amount) if value and value.amount is not None else "不明"


def _number(rule: Rule, name: str, text: str) -> Fraction:
    """Read a number or a fraction such as 2/3."""
    value, label = form_state.value_of(rule, name), _label(rule, name)
    read = percentage if value and value.unit == "%" else yen_rate
    top, slash, bottom = text.replace("／", "/").partition("/")
    divisor = read(bottom, label) if slash else Fraction(1)
    if not divisor:
        raise InputRefused(
            f"{label}の「{text[:30]}」は 0 で割っています。", todo="2/3 のように入れてください"
        )
    return read(top, label) / divisor


def _no_example() -> None:
    st.session_state[form_state.EXAMPLE] = ""


def _rounding(rule: Rule) -> tuple[str, Rounding, Leftover | None]:
    columns = st.columns(4)
    default = default_place(rule)
    places = list(PLACES) if default == "rule" else ["term", "unit"]
    if st.session_state.get("place") not in places:
        st.session_state["place"] = default
    place = columns[0].selectbox("端数処理", places, format_func=PLACES.__getitem__, key="place")
    fixed = place == "rule"
    unit = columns[1].selectbox(
        "端数処理の単位", ROUNDING_UNITS, format_func=lambda one: f"{one:,} 円", key="unit", disabled=fixed
    )
    direction = columns[2].selectbox(
        "端数の向き",
        [*Direction],
        format_func=lambda one: Direction(one).label,
        key="direction",
        disabled=fixed,
    )
    chosen = columns[3].selectbox(
        "残りの扱い",
        form_state.leftovers(rule),
        format_func=lambda one: (
            f"規則のとおり({rule.formula.leftover.method.label})"
            if one == form_state.AS_IN_RULE
            else LeftoverMethod(one).label
        ),
        key="leftover",
    )
    rounding = Rounding() if fixed else Rounding(unit, Direction(direction))
    if chosen == form_state.AS_IN_RULE:
        return place, rounding, None
    code = st.text_input("残りを受け取る単位のコード", key="leftover_to") if chosen == "unit" else ""
    return place, rounding, Leftover(LeftoverMethod(chosen), code)


def _more() -> tuple[tuple[str, PaidBy], str]:
    """Ask for what is needed now and then: last year, transition, the reference day, a name."""
    with st.expander("前年・経過措置・基準日・名前"):
        _last_year()
        columns = st.columns(4, vertical_alignment="bottom")
        protect = columns[0].text_input("経過措置: 前年の何 % を下回らないか", key="protect")
        paid_by = columns[1].selectbox(
            "経過措置の費用", [*PaidBy], format_func=lambda one: PaidBy(one).label, key="paid_by"
        )
        columns[2].date_input(
            "人口の基準日(規則にないとき)", value=None, key="reference_day", format="YYYY-MM-DD",
            help="確定するには、使う人口の日と同じである必要があります",
        )  # fmt: skip
        title = columns[3].text_input("この試算の名前", key="title", max_chars=40)
    return (protect, PaidBy(paid_by)), title


def _last_year() -> None:
    """Let the user choose last year's amounts: a frozen run or a table; what is used is said."""
    frozen: list[GrantRun] = context.attempt(granting.frozen_runs, [])
    runs = {
        run.run_id: f"{FiscalYear(run.scenario.fiscal_year).label} {run.rule.title}(番号 {run.run_id})"
        for run in frozen
    }
    kind, name, _ = st.session_state.get(granting.LAST_YEAR, ("", "", b""))
    if kind == "run" and name in runs:
        st.session_state.setdefault(_LAST_RUN, name)
    left, right = st.columns(2)
    left.selectbox(
        "前年(確定した試算)", ["", *runs], format_func=lambda key: runs.get(key, "選ばない"), key=_LAST_RUN,
        on_change=_choose_last_run,
    )  # fmt: skip
    right.file_uploader(
        "前年の表(CSV)", type="csv", key=_LAST_FILE, on_change=_bring_last_year,
        help="この道具の CSV、または列 unit_code と last_year_yen のある表",
    )  # fmt: skip
    if kind == "file":
        right.caption(f"使っている前年の表: {name}")


def _choose_last_run() -> None:
    chosen = st.session_state[_LAST_RUN]
    _use_last_year(("run", chosen, b"") if chosen else None)


def _bring_last_year() -> None:
    given = st.session_state[_LAST_FILE]
    st.session_state[_LAST_RUN] = ""
    _use_last_year(("file", given.name, given.getvalue()) if given is not None else None)


def _use_last_year(chosen: tuple[str, str, bytes] | None) -> None:
    if chosen is None:
        st.session_state.pop(granting.LAST_YEAR, None)
    else:
        st.session_state[granting.LAST_YEAR] = chosen
