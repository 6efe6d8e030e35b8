"""The map of the peer: streamlit-folium, built anew on every rerun as its examples do."""

import json
from pathlib import Path

import folium
import streamlit as st
from streamlit_folium import st_folium

OUTLINES = Path(__file__).resolve().parents[2] / "data/boundaries/districts.geojson"


@st.cache_resource
def _outlines() -> dict:
    return json.loads(OUTLINES.read_text(encoding="utf-8"))


chart = folium.Map(location=[38.93, 141.2], zoom_start=10)
folium.GeoJson(_outlines(), tooltip=folium.GeoJsonTooltip(["district"])).add_to(chart)
st_folium(chart, height=600, key="peer")
