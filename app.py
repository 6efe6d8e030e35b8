"""The frame: page settings and navigation. Every page has one job; nothing is calculated here."""

import streamlit as st

from kyodo_geo.views import context

context.frame()
st.navigation(
    {
        "地図": [st.Page("kyodo_geo/views/overview.py", title="総覧", url_path="overview", default=True)],
        "配分": [st.Page("kyodo_geo/views/trial.py", title="試算", url_path="trial")],
        "データ": [
            st.Page("kyodo_geo/views/sources.py", title="出典", url_path="sources"),
            st.Page("kyodo_geo/views/checks.py", title="検査", url_path="checks"),
        ],
    },
    position="top",
).run()
