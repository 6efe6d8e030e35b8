"""The history of what staff entered about councils: every entry with who, when, by which source, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kyodo_geo.fiscal import moment_words
from kyodo_geo.model.changes import KINDS, Entered, standing
from kyodo_geo.present.tables import Col, html_table

_COLUMNS = (
    Col("番号", number=True),
    Col("種類"),
    Col("対象", code=True),
    Col("いつから", code=True),
    Col("内容", wide=True, heading=True),
    Col("今", code=True),
    Col("出典", wide=True),
    Col("入力", wide=True),
)


def show(entries: Sequence[Entered]) -> None:
    """Show the entries, newest first; nothing is left out, corrected and undone ones say so."""
    if not entries:
        st.caption("この画面から入力した記録はまだありません。")
        return
    counted = {one.seq for one in standing(entries)}
    st.html(
        html_table(
            _COLUMNS,
            [_row(one, counted) for one in reversed(entries)],
            caption=f"入力の記録 {len(entries)} 件(訂正も取消しも記録。根拠は入力値)",
        )
    )


def _row(one: Entered, counted: set[int]) -> list[str]:
    change = one.change
    what = "、".join(f"{key}: {text}" for key, text in change.values.items())
    if change.undoes is not None:
        what = f"記録 {change.undoes} の取消し"
    elif change.corrects is not None:
        what = f"記録 {change.corrects} の訂正。{what}"
    now = "有効" if one.seq in counted else "取消し" if change.undoes is not None else "無効(訂正か取消し)"
    return [
        str(one.seq),
        KINDS[change.kind],
        change.subject,
        change.since,
        "。".join(filter(None, (what, change.note))),
        now,
        change.source,
        f"{change.entered_by}、{moment_words(change.entered_at)}",
    ]
