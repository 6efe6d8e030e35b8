"""Pages run as scripts: each test gets a workspace of its own and reads the data anew."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))  # the helpers beside this file, whatever import mode pytest runs in

from opened import ROOT, open_page  # noqa: E402


@pytest.fixture(autouse=True)
def workspace(tmp_path, monkeypatch):
    """Put the ledger into a folder of this test; it is not there before something is frozen."""
    folder = tmp_path / "workspace"
    monkeypatch.setenv("KYODO_GEO_WORKSPACE", str(folder))
    return folder


@pytest.fixture(autouse=True)
def _fresh_cache():
    # Pages keep the city for all readers; a test that breaks the data must not leave it to the next, nor get it
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture
def run(monkeypatch):
    """Open a page as its reader does, through the frame: run(name, *scenarios) -> AppTest."""
    monkeypatch.chdir(ROOT)
    return open_page


@pytest.fixture
def fictional(fictional_data, monkeypatch):
    """Let the pages show the fictional city."""
    monkeypatch.setenv("KYODO_GEO_DATA", str(fictional_data))


@pytest.fixture
def downloads(monkeypatch):
    """What the page offers to download, by the button's label: (file name, bytes), as it was offered last."""
    offered = {}

    def offering(original):
        def download_button(*where, **options):
            data = options["data"]
            content = data() if callable(data) else data
            raw = content.encode() if isinstance(content, str) else content
            offered[where[-1]] = (options["file_name"], raw)
            return original(*where, **options)

        return download_button

    monkeypatch.setattr(DeltaGenerator, "download_button", offering(DeltaGenerator.download_button))
    monkeypatch.setattr(st, "download_button", offering(st.download_button))
    return offered
