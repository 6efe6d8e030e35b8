"""The files of 高齢化: the figures by district, and the projection or the trend, as CSV."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import streamlit as st

from kyodo_geo.ageing.export import projection_csv, trend_csv
from kyodo_geo.ageing.projection import ProjectionStudy
from kyodo_geo.ageing.trend import TrendStudy
from kyodo_geo.city import City
from kyodo_geo.figures.vacancy import names_of
from kyodo_geo.model.figures import Figures
from kyodo_geo.present.indicator_report import Names, indicators_csv
from kyodo_geo.present.tables import csv_file
from kyodo_geo.provenance import Basis, Unknown, weakest

# The label of a button, the name of its file, the basis of what is in it, and the text
_Offer = tuple[str, str, Basis, Callable[[], str]]


def downloads(
    city: City,
    on: date,
    known: Sequence[Figures],
    study: ProjectionStudy | Unknown,
    trend: TrendStudy | Unknown,
) -> None:
    """Offer the figures by district and the projection (or the trend) as CSV."""
    codes = tuple(dict.fromkeys(city.lines(on).values()))
    names = Names(city.facts.name, names_of(city, codes), {code: city.area_of(code) for code in codes})
    day = on.isoformat()
    offers: list[_Offer] = []
    if known:
        worst = weakest(one.basis for one in known)
        offers.append(
            ("地区ごとの表をダウンロード(CSV)", "chiku", worst, lambda: indicators_csv(known, names, codes))
        )
    if isinstance(study, ProjectionStudy):
        offers.append(
            ("将来推計をダウンロード(CSV)", "suikei", study.basis, lambda: projection_csv(city, study))
        )
    elif isinstance(trend, TrendStudy):
        offers.append(
            ("人口の傾向をダウンロード(CSV、参考)", "keiko", trend.basis, lambda: trend_csv(city, trend))
        )
    for column, (label, name, basis, text) in zip(st.columns(3), offers, strict=False):
        made_up = "架空_" if basis is Basis.FICTIONAL else ""
        column.download_button(
            label, data=partial(_bytes, text), file_name=f"{made_up}koreika_{name}_{day}.csv", mime="text/csv",
            on_click="ignore", width="stretch",
        )  # fmt: skip


def _bytes(text: Callable[[], str]) -> bytes:
    return csv_file(text())
