"""Streamlit pages: choose, call, show. Calculation and documents live below."""
