"""あなたの地区は…: the page of one chosen unit of a run, on screen and as a file to print."""

from __future__ import annotations

from html import escape

import streamlit as st

from kyodo_geo.model.grants import GrantRun
from kyodo_geo.present.letter import letter, letter_html
from kyodo_geo.present.tables import Col, html_table
from kyodo_geo.views import granting


def show_one_unit(run: GrantRun) -> None:
    """Show the page of one chosen unit, and offer it as a file to print."""
    names = [f"{unit.code} {unit.name}" for unit in run.allocation.units]
    chosen = st.selectbox("あなたの地区は…(計算の内訳を見る地区)", names, key="explained")
    index = names.index(chosen)
    sheet = letter(run, index)
    sentences = "".join(f"<p>{escape(one)}</p>" for one in sheet.sentences)
    mark = "例・架空の額: " if run.scenario.example else ""
    st.html(
        f'<section class="kg-letter" aria-label="{escape(sheet.title)}"><h2>{escape(sheet.title)}</h2>'
        f'<p class="kg-answer">{granting.marks(run)}{escape(sheet.answer)}</p>{sentences}</section>'
    )
    columns = [Col("段階", heading=True, wide=True), Col("額", number=True), Col("計算のしかた", wide=True)]
    st.html(
        html_table(
            columns, sheet.rows, caption=f"{mark}{run.allocation.units[index].name}の計算の順", scroll=False
        )
    )
    st.download_button(
        "この地区の1枚をダウンロード(HTML)",
        data=letter_html(run, index),
        file_name=f"{'_'.join(filter(None, ('anata_no_chiku', run.allocation.units[index].code, run.run_id)))}.html",
        mime="text/html",
        on_click="ignore",
    )
