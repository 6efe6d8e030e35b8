"""優先度: what comes first, by which indicators, and how sure is it? Scores that add up, and places only where they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from kyodo_geo.city import City
from kyodo_geo.figures.vacancy import names_of
from kyodo_geo.model.figures import Figures
from kyodo_geo.model.priority.choice import PriorityChoice
from kyodo_geo.model.priority.config import to_toml
from kyodo_geo.model.priority.score import WHAT_IT_IS_NOT, place_text
from kyodo_geo.present.stacked_bars import Bar, stacked_bars
from kyodo_geo.present.tables import Col, csv_file, html_table
from kyodo_geo.priority.export import priority_csv, said
from kyodo_geo.priority.figures import score_figures
from kyodo_geo.priority.study import PriorityStudy, priority_study
from kyodo_geo.priority.tables import (
    CHOSEN,
    bars,
    chosen_rows,
    columns_of,
    district_rows,
    lacking_rows,
    mark,
    score_text,
    value_rows,
)
from kyodo_geo.views import brought, context, priority_form
from kyodo_geo.views.theme_map import ThemeMap


def page() -> None:
    """Show the form, the scores on the map and as bars, and everything that must be said of them."""
    context.heading("優先度", "どの地区を先にするか。何を、どれだけ重く見たか")
    on = context.today()
    city = brought.city(on)
    figures = brought.figures(city, on)
    address = priority_form.address(figures)
    chosen = priority_form.follow_tables(_opened(address.choice()), figures)
    context.notice(WHAT_IT_IS_NOT)
    priority_form.show(chosen, figures)
    study = _study(city, chosen, on, figures)
    with st.container(key="kg_map"):
        key = (city.evidence.key, tuple(chosen.to_query().items()))
        ThemeMap("priority_atlas", address).draw(city, on, score_figures(study), key, title="優先度")
    _answer(city, study)
    _files(city, study, chosen, figures)
    brought.offer_sample()
    context.footer(study.sources, *said(study)[1:-1])


def _opened(chosen: PriorityChoice) -> PriorityChoice:
    """Take a choice that was just opened from a file into the form."""
    opened = st.session_state.pop("priority_opened", None)
    if opened is None:
        return chosen
    priority_form.fill(opened)
    return opened if isinstance(opened, PriorityChoice) else chosen


def _study(city: City, chosen: PriorityChoice, on: date, figures: Sequence[Figures]) -> PriorityStudy:
    return _kept(city.evidence.key, tuple(chosen.to_query().items()), on, city, chosen, figures)


@st.cache_resource(max_entries=64, show_spinner=False)
def _kept(
    key: tuple[str, ...],  # noqa: ARG001 - part of the key: the open tables
    words: tuple[tuple[str, str], ...],  # noqa: ARG001 - part of the key
    on: date,
    _city: City,
    _chosen: PriorityChoice,
    _figures: Sequence[Figures],
) -> PriorityStudy:
    return priority_study(_figures, brought.levels(_city, on), _chosen, on=on)


def _answer(city: City, study: PriorityStudy) -> None:
    codes = tuple(study.scores.columns[0].values)
    names, areas = names_of(city, codes), {code: city.area_of(code) for code in codes}
    word = mark(study) or study.basis.label
    places, values, weights, lacking = st.tabs(["順位と内訳", "もとの数字", "選んだ指標", "分からない値"])
    with places:
        st.html(
            stacked_bars(
                _bars(study),
                [column.title for column in study.scores.columns],
                caption=f"点の内訳(100点中、{word})",
            )
        )
        heads = [Col(head, heading=at == 1, number=at >= 3) for at, head in enumerate(columns_of(study))]
        st.html(html_table(heads, district_rows(study, names, areas), caption=f"優先度({word})"))
    with values:
        heads = [
            Col("コード", code=True),
            Col("地区", heading=True),
            *(Col(one.title, number=True) for one in study.figures),
        ]
        st.html(html_table(heads, value_rows(study, names), caption=f"点にする前の数字({word})"))
    with weights:
        heads = [Col(head, heading=at == 0, number=at in {3, 4, 6}) for at, head in enumerate(CHOSEN)]
        st.html(html_table(heads, chosen_rows(study), caption="選んだ指標と重み", scroll=False))
    with lacking:
        rows = lacking_rows(study, names)
        if rows:
            st.html(
                html_table(
                    [Col("地区", heading=True), Col("分からない指標", wide=True)],
                    rows,
                    caption="分からない値のある地区",
                )
            )
        else:
            st.html("<p>選んだ指標は、すべての地区の値が分かっています。</p>")


def _bars(study: PriorityStudy) -> list[Bar]:
    scores = study.scores
    names = names_of(brought.city(study.on), scores.units)
    return [
        Bar(
            place_text(scores.ranks[row]),
            names[scores.units[row]],
            f"{score_text(scores.low[row], scores.high[row])}点",
            tuple((low, high) for _, low, high in bars(study, row)),
        )
        for row in scores.order
    ]


def _files(city: City, study: PriorityStudy, chosen: PriorityChoice, figures: Sequence[Figures]) -> None:
    codes = tuple(study.scores.columns[0].values)
    names, areas = names_of(city, codes), {code: city.area_of(code) for code in codes}
    prefix = "架空_" if mark(study) == "架空" else ""
    left, middle, right = st.columns(3)
    left.download_button(
        "結果をダウンロード(CSV)", data=csv_file(priority_csv(study, names, areas)), on_click="ignore",
        file_name=f"{prefix}priority_{study.on.isoformat()}.csv", mime="text/csv", width="stretch",
    )  # fmt: skip
    middle.download_button(
        "設定を保存(TOML)", data=to_toml(chosen).encode("utf-8"), on_click="ignore", file_name="priority.toml",
        mime="application/toml", width="stretch",
    )  # fmt: skip
    with right:
        priority_form.open_saved(figures)


context.run(page)
