"""検査: do the shipped data still add up to what is published?"""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from kyodo_geo.checks import check_files, reconcile
from kyodo_geo.city import DEFAULT_DATA
from kyodo_geo.present.check_report import CHECK_COLUMNS, check_rows, summary
from kyodo_geo.present.tables import Col, html_table
from kyodo_geo.views import context


def page() -> None:
    """Show every check with what should stand there, what does, and the difference."""
    context.heading("検査", "データは欠けていないか、合計は公表された数と合うか")
    data = Path(os.environ.get(context.DATA_VARIABLE, str(DEFAULT_DATA)))
    checks = [*check_files(data), *reconcile(context.city(), context.today())]
    st.html(f'<div class="kg-note"><p><strong>{summary(checks)}</strong></p></div>')
    columns = [
        Col(label, number=position in {2, 3, 4}, heading=position == 1)
        for position, label in enumerate(CHECK_COLUMNS)
    ]
    checks.sort(
        key=lambda check: ("fail", "note", "pass").index(check.outcome)
    )  # what needs a look comes first
    st.html(html_table(columns, check_rows(checks), caption=f"検査 {len(checks)} 件"))


context.run(page)
