"""The activity of councils on the page 協働体: the map, the sums, the file that is open, and the download."""

from __future__ import annotations

import streamlit as st

from kyodo_geo.city import City
from kyodo_geo.councils.activity import ActivityStudy
from kyodo_geo.councils.activity_rows import (
    View,
    explanation,
    over_years_columns,
    over_years_rows,
    role_rows,
    year_columns,
    year_rows,
)
from kyodo_geo.councils.choice import CouncilsChoice
from kyodo_geo.councils.export import activity_csv, file_name
from kyodo_geo.councils.figures import activity_figures
from kyodo_geo.fiscal import FiscalYear, both_calendars
from kyodo_geo.model.councils.activity import MEASURES, UNITS
from kyodo_geo.model.councils.sums import BY
from kyodo_geo.present.tables import Col, csv_file, html_table
from kyodo_geo.provenance import Basis, mark_of
from kyodo_geo.sources.visit.activity.read import ActivityRead
from kyodo_geo.views import brought, context, councils_file, councils_form, opening
from kyodo_geo.views.theme_map import ThemeMap

_NONE = (
    "協働体の活動の記録は、公表されたものがありません(不明)。活動がないという意味ではありません。"
    "協働体の実績報告をまとめた表(CSV・Excel)を開くか、職員が入力すると、地図と集計が出ます。"
)


def draw(city: City, study: ActivityStudy, known_by: tuple[object, ...]) -> None:
    """Draw activities per 100 people, and their number, over the years."""
    ThemeMap("councils_atlas", councils_form.ADDRESS).draw(
        city, study.day, activity_figures(city, study), known_by, title="協働体の活動"
    )


def tab(study: ActivityStudy | None, chosen: CouncilsChoice, opened: ActivityRead | None) -> None:
    """Show the sums, or what is missing and how to bring it."""
    if study is None:
        context.notice(_NONE)
    else:
        _sums(study, chosen)
    with st.expander("ファイルを開く・閉じる(協働体の活動)", expanded=False):
        councils_file.chooser()
        st.caption(
            "ファイルはこの表示にだけ使い、保存しません。入力した記録と同じ活動があると、両方が数えられます。"
        )
    if opened is not None:
        opening.account(opened.opened)
    brought.offer_sample()


def _sums(study: ActivityStudy, chosen: CouncilsChoice) -> None:
    year = councils_form.sums(chosen, study.years)
    view = View(chosen.by, chosen.measure, year)
    word = _word(study.basis)
    what = f"{MEASURES[view.measure]}({UNITS[view.measure]})"
    label = FiscalYear(year).label
    said = f"{BY[view.by]}ごと、{label}"
    st.html(
        html_table(year_columns(view), year_rows(study, view), caption=f"活動の{what} {said}({word}、人口当たりは{_word(study.head_basis)})")
    )  # fmt: skip
    st.caption(f"{explanation()}人口は国勢調査({both_calendars(study.people_day)})、地区の線は推計です。")
    st.html(
        html_table(
            over_years_columns(study, view.by),
            over_years_rows(study, view.by, view.measure),
            caption=f"活動の{what} {BY[view.by]}ごと、年度ごと({word})",
        )
    )
    heads = [
        Col("役割", heading=True, wide=True),
        Col("記録の数", number=True),
        *(Col(MEASURES[one], number=True) for one in MEASURES),
    ]
    st.html(
        html_table(
            heads, role_rows(study, year), caption=f"5つの役割ごとの活動 {label}({word})", scroll=False
        )
    )
    if study.later:
        st.caption(f"この日より後の年度の記録 {study.later} 件は数えていません。")
    st.download_button(
        "活動の集計をダウンロード(CSV)", data=lambda: csv_file(activity_csv(study, view.by)), mime="text/csv",
        file_name=file_name(f"kyodotai_katsudo_{study.day.isoformat()}.csv", study.basis), on_click="ignore",
        width="stretch",
    )  # fmt: skip


def _word(basis: Basis) -> str:
    return mark_of(basis) or basis.label
