"""The files that are open in this session, each read once: facilities, roads, timetable, bus stops, on-call areas."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import streamlit as st

from kyodo_geo.model.reach.values import Facility
from kyodo_geo.reach.roads import RoadsGiven
from kyodo_geo.rules.travel import travel_settings
from kyodo_geo.sources.visit.bus_stops import BusStop, read_bus_stops
from kyodo_geo.sources.visit.facility_file import read_facilities_file
from kyodo_geo.sources.visit.on_call import OnCallArea, read_on_call
from kyodo_geo.sources.visit.opened import Opened
from kyodo_geo.sources.visit.roads import read_roads
from kyodo_geo.transit.feed import Feed, open_feed
from kyodo_geo.views import context, opening

_T = TypeVar("_T")
FACILITIES, ROADS, TIMETABLE, STOPS, ON_CALL = (
    "visit_facilities",
    "visit_roads",
    "visit_gtfs",
    "visit_stops",
    "visit_on_call",
)
SHAPE_FILES = ("gpkg", "geojson", "zip")


def roads_file() -> None:
    """Offer to open roads; the same file serves every page of this session."""
    opening.opened_file(
        "道路のファイル(GeoPackage・GeoJSON・シェープファイルの zip)", SHAPE_FILES, key=ROADS,
        help_text="OpenStreetMap か国土数値情報の道路の線。開くと「道路の距離」「道路の所要時間」を選べます。",
    )  # fmt: skip


def facilities() -> tuple[tuple[Facility, ...], Opened] | None:
    """Return the facilities of the open file and the account of its reading; None without a usable one."""
    return _read(FACILITIES, _facilities)


def roads(on: date) -> RoadsGiven | None:
    """Return the open roads with the settings of a day."""
    return _read(ROADS, lambda name, content: _roads(name, content, on))


def timetable(on: date) -> Feed | None:
    """Return the open timetable."""
    return _read(TIMETABLE, lambda name, content: feed_of(name, content, on))


def bus_stops() -> tuple[tuple[BusStop, ...], Opened] | None:
    """Return the open bus stops without a timetable."""
    return _read(STOPS, _bus_stops)


def on_call() -> tuple[tuple[OnCallArea, ...], Opened] | None:
    """Return the open on-call areas."""
    return _read(ON_CALL, _on_call)


def _read(key: str, read: Callable[[str, bytes], _T]) -> _T | None:
    """Read the file open under a key; one that cannot be read is shown with its faults, and counts as not there."""
    found = opening.kept(key)
    return None if found is None else context.attempt(lambda: read(*found), None)


@st.cache_resource(max_entries=4, show_spinner="施設のファイルを読んでいます…")
def _facilities(name: str, content: bytes) -> tuple[tuple[Facility, ...], Opened]:
    return opening.from_disk(name, content, read_facilities_file)


@st.cache_resource(max_entries=2, show_spinner="道路のファイルを読んでいます…")
def _roads(name: str, content: bytes, on: date) -> RoadsGiven:
    travel = travel_settings().at(on)
    lines, opened = opening.from_disk(name, content, lambda path: read_roads(path, travel))
    return RoadsGiven(lines, opened, travel)


@st.cache_resource(max_entries=4, show_spinner="時刻表を読んでいます…")
def feed_of(name: str, content: bytes, on: date) -> Feed:
    """Return an opened timetable, read once."""
    return open_feed(content, name=name, today=on)


@st.cache_resource(max_entries=4, show_spinner="バス停のファイルを読んでいます…")
def _bus_stops(name: str, content: bytes) -> tuple[tuple[BusStop, ...], Opened]:
    return opening.from_disk(name, content, read_bus_stops)


@st.cache_resource(max_entries=4, show_spinner=False)
def _on_call(name: str, content: bytes) -> tuple[tuple[OnCallArea, ...], Opened]:
    return read_on_call(content, name=name, small_areas=set(context.city().small_areas["key_code"]))
