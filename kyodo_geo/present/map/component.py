"""The map in the app: a Streamlit v2 component around the renderer; no frame, no network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import streamlit as st

from kyodo_geo.present.map import assets

# Streamlit calls the exported function on every rerun with the same parent: the map is mounted once and told of new
# data only, so that zoom, pan and what the reader chose stay (data.view is where the map began, not where it is).
_WRAPPER = """
const mounted = new WeakMap();
export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  const text = JSON.stringify(data);
  const known = mounted.get(parentElement);
  if (known) {
    if (known.text !== text) known.atlas.update({ ...data, view: null });
    known.text = text;
    return;
  }
  const root = document.createElement("div");
  parentElement.append(root);
  const atlas = KyodoAtlas.mount(root, data, {
    onView: (view) => setStateValue("view", view),
    onAct: (event) => setTriggerValue("act", event),
  });
  mounted.set(parentElement, { atlas, text });
  KyodoAtlas.shown = atlas;
  return () => { atlas.destroy(); root.remove(); mounted.delete(parentElement); };
}
"""


# A word to the map from outside (the browser's back button): small, so that the map's own data need not be sent again
_STEER = """
let done = 0;
export default function ({ data }) {
  if (data.turn === done) return;
  done = data.turn;
  globalThis.KyodoAtlas?.shown?.setView(data.view);
}
"""


@cache
def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "kyodo_atlas",
        css=assets.style(),
        js=f"{assets.script()}\n{_WRAPPER}",
        isolate_styles=False,
    )


def show_map(
    payload: Mapping[str, Any],
    *,
    key: str,
    on_view: Callable[[], None],
    on_act: Callable[[], None] | None = None,
) -> Mapping[str, Any] | None:
    """Draw the map and return the view (indicator, year or step, district, and second where one is laid over) the reader chose last, None at first.

    `payload` is that of `build_payload` and must be the same object's content on every rerun: Streamlit then sends
    only a hash of it. `on_view` runs before the rerun that a change of view starts; `on_act` before the one that trying
    something out starts, when `st.session_state[key].act` holds {act, code, at, n} (at: longitude, latitude).
    """
    result = _component()(
        key=key,
        data=dict(payload),
        on_view_change=on_view,
        on_act_change=on_act or _nothing,
    )
    view: Mapping[str, Any] | None = result.view
    return view


def _nothing() -> None:
    """Where nothing can be tried out, nothing follows from it."""


@cache
def _steering() -> Callable[..., Any]:
    return st.components.v2.component("kyodo_atlas_steering", js=_STEER)


def steer_map(view: Mapping[str, Any], *, turn: int, key: str) -> None:
    """Bring the map to a view it did not choose itself; nothing happens until `turn` (0 at first) changes."""
    _steering()(key=key, data={"view": dict(view), "turn": turn})
