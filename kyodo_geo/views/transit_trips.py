"""行って帰れるか on the page 交通: clinics, centres or stations within so many minutes, and home again the same day."""

from __future__ import annotations

from html import escape

import streamlit as st

from kyodo_geo.city import City
from kyodo_geo.present.tables import html_table
from kyodo_geo.reach.roads import RoadsGiven
from kyodo_geo.reach.tables import columns
from kyodo_geo.rules.travel import Travel
from kyodo_geo.transit.study import TransitStudy
from kyodo_geo.transit.trips import (
    DESTINATIONS,
    Trips,
    example_columns,
    example_rows,
    trip_columns,
    trip_rows,
    trips_of,
    worst_first,
)
from kyodo_geo.views import context
from kyodo_geo.views.transit_results import subtitle

_ASKED = "transit_trips_asked"
_MOST_SHOWN = 100


def show(city: City, study: TransitStudy, travel: Travel, roads: RoadsGiven | None) -> None:
    """Let the reader ask where people get to and home again; the answer stays until something else is chosen above."""
    with st.expander("行って帰れるか(病院・市民センター・駅まで、待ち時間を含めて)"):
        with st.form("transit_trips"):
            first, second, third = st.columns([2, 2, 1], vertical_alignment="bottom")
            kind = first.selectbox("行き先", list(DESTINATIONS), format_func=DESTINATIONS.__getitem__)
            minutes = second.number_input(
                "片道の所要時間(分、待ちを含む)", min_value=5, max_value=360, value=60, step=5
            )
            asked = third.form_submit_button("計算する", width="stretch")
        key = (study.choice.to_query(), study.feed.opened.sha256, study.reach.on)
        if asked:
            st.session_state[_ASKED] = (key, str(kind), int(minutes))
        kept = st.session_state.get(_ASKED)
        if kept is not None and kept[0] == key:
            answer = context.attempt(lambda: _answer(city, study, travel, kept[1], kept[2], roads), None)
            if answer is not None:
                _show(city, answer)


def _answer(  # noqa: PLR0913, PLR0917 - what was asked, of what
    city: City, study: TransitStudy, travel: Travel, kind: str, minutes: int, roads: RoadsGiven | None
) -> Trips:
    with st.spinner("行き帰りを計算しています…"):
        return trips_of(city, study, travel, kind=kind, minutes=minutes, roads=roads)


def _show(city: City, trips: Trips) -> None:
    title = f"{DESTINATIONS[trips.kind]}まで、{subtitle(trips.study)}。{trips.study.reach.mark}"
    rows, foot = trip_rows(city, trips)
    st.html(
        html_table(
            columns(trip_columns(trips), range(2, 8), heading=1),
            rows,
            caption=f"日帰りできる人({title})",
            foot=[foot],
        )
    )
    st.html(f"<p>{escape(trips.note)}。</p>")
    places = worst_first(trips)
    examples = example_rows(city, trips, places[:_MOST_SHOWN])
    st.html(
        html_table(
            columns(example_columns(trips), (2, 3)), examples, caption=f"行き先の少ない所から({title})"
        )
    )
    if len(places) > _MOST_SHOWN:
        st.caption(f"行き先の少ない順に {_MOST_SHOWN} か所。ほか {len(places) - _MOST_SHOWN} か所。")
    points = sum(one.point == "town" for one in trips.destinations)
    if points:
        st.caption(
            f"行き先 {len(trips.destinations)} か所のうち {points} か所は、大字の代表点を位置としています(推計)。"
        )
