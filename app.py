"""The frame: page settings and navigation. Every page has one job; nothing is calculated here."""

import streamlit as st

from kyodo_geo.views import brought, context

context.frame()
brought.band()
st.navigation(
    {
        "地図": [
            st.Page("kyodo_geo/views/overview.py", title="総覧", url_path="overview", default=True),
            st.Page("kyodo_geo/views/side_by_side.py", title="地区の比較", url_path="sidebyside"),
        ],
        "配分": [
            st.Page("kyodo_geo/views/trial.py", title="試算", url_path="trial"),
            st.Page("kyodo_geo/views/compare.py", title="比較", url_path="compare"),
            st.Page("kyodo_geo/views/yearly.py", title="前年比", url_path="yearly"),
            st.Page("kyodo_geo/views/confirm.py", title="確定", url_path="confirm"),
            st.Page("kyodo_geo/views/payments.py", title="交付の記録", url_path="payments"),
            st.Page("kyodo_geo/views/rules.py", title="規則", url_path="rules"),
        ],
        "協働": [
            st.Page("kyodo_geo/views/councils.py", title="協働体", url_path="councils"),
        ],
        "課題": [
            st.Page("kyodo_geo/views/reach.py", title="近さ", url_path="reach"),
            st.Page("kyodo_geo/views/ageing.py", title="高齢化", url_path="ageing"),
            st.Page("kyodo_geo/views/transit.py", title="交通", url_path="transit"),
            st.Page("kyodo_geo/views/vacancy.py", title="空き家", url_path="vacancy"),
            st.Page("kyodo_geo/views/priority.py", title="優先度", url_path="priority"),
        ],
        "データ": [
            st.Page("kyodo_geo/views/sources.py", title="出典", url_path="sources"),
            st.Page("kyodo_geo/views/checks.py", title="検査", url_path="checks"),
        ],
    },
    position="top",
).run()
