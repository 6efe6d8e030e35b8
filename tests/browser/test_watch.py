"""The watch itself: a stranger is refused and written down, else all other tests would prove nothing."""

from __future__ import annotations

import pytest
from watched import Watch

TRY = """async (url) => { try { await fetch(url, { mode: "no-cors" }); return "answered"; } catch { return "refused"; } }"""


@pytest.mark.parametrize("url", ["https://cdn.jsdelivr.net/leaflet.js", "http://8.8.8.8/"])
def test_a_stranger_is_refused_and_written_down(chromium, app, url):
    context = chromium.new_context()
    watch = Watch(app.url.removeprefix("http://"))
    watch.attach(context)
    page = context.new_page()
    page.goto(f"{app.url}/_stcore/health")
    assert watch.take() == []
    assert page.evaluate(TRY, url) == "refused"
    assert watch.strangers == [url]
    context.close()


def test_a_complaint_of_the_page_is_written_down(chromium, app):
    context = chromium.new_context()
    watch = Watch(app.url.removeprefix("http://"))
    watch.attach(context)
    page = context.new_page()
    page.goto(f"{app.url}/_stcore/health")
    page.evaluate("console.error('so not')")
    page.evaluate("setTimeout(() => { throw new Error('nor so'); })")
    page.wait_for_timeout(100)
    assert [one.split(":")[0] for one in watch.complaints] == ["console", "page error"]
    context.close()
