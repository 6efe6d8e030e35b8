"""どこに残すか・置くか on the page 近さ: the exact answer, the greedy one beside it, and a button that tries it on the map."""

from __future__ import annotations

from html import escape

import streamlit as st

from kyodo_geo.present.tables import html_table
from kyodo_geo.reach.roads import RoadsGiven
from kyodo_geo.reach.site import (
    CANDIDATES,
    CHOSEN,
    COMPARED,
    GREEDY,
    OBJECTIVES,
    Siting,
    chosen_rows,
    compared_rows,
    greedy_rows,
    site,
    verdict,
)
from kyodo_geo.reach.study import Study
from kyodo_geo.reach.tables import columns, radius_text
from kyodo_geo.views import context, reach_form

_ASKED = "reach_site_asked"


def show(study: Study, roads: RoadsGiven | None) -> None:
    """Let the reader ask for p facilities; the answer stays until something else is chosen above."""
    stands = int(study.counts_before.sum())
    with st.expander("どこに残すか・置くか(最適な組み合わせを計算する)"):
        st.caption(
            "半径以内の人を最も多くする組み合わせ、または人の距離の合計を最も短くする組み合わせを、求めます(最適と証明できたかどうかも示します)。"
            "決めるための材料の一つで、地域の事情や費用は入っていません。"
        )
        with st.form("reach_site"):
            first, second, third = st.columns([2, 2, 1])
            candidates = first.selectbox("候補", list(CANDIDATES), format_func=CANDIDATES.__getitem__)
            objective = second.selectbox("目的", list(OBJECTIVES), format_func=OBJECTIVES.__getitem__)
            p = third.number_input(
                "施設の数(残す数、または増やす数)",
                min_value=1,
                max_value=max(stands, 20),
                value=min(5, max(stands - 1, 1)),
                key="reach_site_p",
            )
            asked = st.form_submit_button("計算する")
        key = (study.choice.to_query(), study.within, study.on)
        if asked:
            st.session_state[_ASKED] = (key, (int(p), str(objective), str(candidates)))
        kept = st.session_state.get(_ASKED)
        if kept is not None and kept[0] == key:
            answer = context.attempt(lambda: _answer(study, kept[1], roads), None)
            if answer is not None:
                _show(answer)


def _answer(study: Study, asked: tuple[int, str, str], roads: RoadsGiven | None) -> Siting:
    p, objective, candidates = asked
    with st.spinner("組み合わせを計算しています…(長くて1分)"):
        return site(study, p=p, objective=objective, candidates=candidates, roads=roads)


def _show(siting: Siting) -> None:
    study = siting.study
    title = f"{study.what}、{study.measure_label}、半径 {radius_text(study)}、{study.demand.reference_date} の{study.demand.counted}、{study.mark}"
    st.html(f"<p>{escape(verdict(siting))}</p>")
    st.html(
        html_table(
            columns(COMPARED, range(1, 6)), compared_rows(siting), caption=f"案の比較({title})", scroll=False
        )
    )
    st.html(
        html_table(
            columns(CHOSEN, (2, 3), heading=1),
            chosen_rows(siting),
            caption=f"厳密な答えで残る・置く所({title})",
        )
    )
    st.html(
        html_table(
            columns(GREEDY, (0, 2, 3), heading=1),
            greedy_rows(siting),
            caption=f"順に選ぶと(説明のため。{title})",
        )
    )
    st.button("この答えを地図で試す", on_click=reach_form.ADDRESS.attempt, args=(siting.as_choice,))
