"""A page that is watched: what it asks the network for, and what it complains about."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

# Opened directly, a sub page makes Streamlit look for its server below the page's own path first; the 404s
# that answer it are part of how it finds out, and the browser prints them as errors.
_STREAMLIT_PROBE = re.compile(r"/[a-z]+/_stcore/(health|host-config)$")
_NOT_NETWORK = {"data", "blob", "about"}


@dataclass
class Watch:
    """Records of one browser context; `allowed` is the host the app runs on, empty for a file.

    The network is off by the browser's own resolver (`BROWSER_ARGUMENTS`): a request to anywhere else fails and is
    written down here. A Playwright route would do the same, but it switches the cache off and slows every page.
    """

    allowed: str
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def attach(self, context) -> None:
        """Listen to every page of the context."""
        context.on("request", lambda request: self._note(request.url))
        context.on("page", self._listen)

    def take(self) -> list[str]:
        """Return what must not have happened, and forget it."""
        problems = [f"request to {url}" for url in self.strangers] + self.complaints
        self.strangers.clear()
        self.complaints.clear()
        return problems

    def _is_own(self, url: str) -> bool:
        parts = urlsplit(url)
        if parts.scheme in _NOT_NETWORK:
            return True
        return parts.netloc == self.allowed if self.allowed else parts.scheme == "file"

    def _note(self, url) -> None:
        if not self._is_own(url):
            self.strangers.append(url)

    def _listen(self, page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        page.on("console", self._hear)
        page.on("websocket", lambda socket: self._note(socket.url))

    def _hear(self, message) -> None:
        where = (message.location or {}).get("url", "")
        if message.type == "error" and not _STREAMLIT_PROBE.search(where):
            self.complaints.append(f"console: {message.text} ({where})")
