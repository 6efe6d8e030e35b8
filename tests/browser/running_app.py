"""The real app as a process of its own, and the browser that looks at it; the benchmarks use both too."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
BROWSER_VARIABLE = "KYODO_GEO_CHROMIUM"
BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome")
# Nothing but the app itself can be looked up or reached: the network of a closed town hall.
BROWSER_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
_STARTED_WITHIN_S = 40
# The machine's proxy must not be asked for an address on the machine itself.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def find_chromium() -> str | None:
    """Return the path of a Chromium: the one named by the environment, else the first on PATH."""
    named = os.environ.get(BROWSER_VARIABLE)
    return named or next(filter(None, map(shutil.which, BROWSER_NAMES)), None)


def free_port() -> int:
    """Let the system choose a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningApp:
    """`kyodo-geo app` on a port of its own; use it as a context manager, it is stopped in any case.

    Its workspace is a fresh folder that goes with it, unless one is named: no test writes into the checkout's own.
    """

    def __init__(
        self,
        data: Path | None = None,
        *,
        command: tuple[str, ...] | None = None,
        workspace: Path | None = None,
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the server writes; closed by stop()
        own = (sys.executable, "-m", "kyodo_geo", "app", "--no-browser", "--port", str(self.port))
        self.command = tuple(part.replace("{port}", str(self.port)) for part in command or own)
        self.environment = {**os.environ, "PYTHONPATH": str(ROOT), "STREAMLIT_SERVER_ADDRESS": "127.0.0.1"}
        self.own_workspace = tempfile.TemporaryDirectory(prefix="kyodo_geo_workspace_")
        self.workspace = workspace or Path(self.own_workspace.name)
        self.environment["KYODO_GEO_WORKSPACE"] = str(self.workspace)
        if data is not None:
            self.environment["KYODO_GEO_DATA"] = str(data)

    def __enter__(self) -> Self:
        # A session of its own, so that a signal to the group reaches the server that `kyodo-geo app` starts
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _wait(self) -> None:
        deadline = time.monotonic() + _STARTED_WITHIN_S
        while not self._is_healthy():
            if self.process.poll() is not None or time.monotonic() > deadline:
                msg = f"the app did not start:\n{self.output()}"
                raise RuntimeError(msg)
            time.sleep(0.02)

    def _is_healthy(self) -> bool:
        with contextlib.suppress(OSError):
            return bool(_DIRECT.open(f"{self.url}/_stcore/health", timeout=1).status == 200)
        return False

    def output(self) -> str:
        """Return what the server has written so far; ask before it is stopped."""
        self.log.seek(0)
        return self.log.read().decode("utf-8", errors="replace")

    def stop(self) -> None:
        """Stop the server as Ctrl+C does; what does not listen is ended."""
        for name in ("SIGINT", "SIGTERM", "SIGKILL"):
            self._signal(name)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=5)
                break
        self.log.close()
        self.own_workspace.cleanup()

    def _signal(self, name: str) -> None:
        if not hasattr(os, "killpg"):  # Windows knows no process groups
            self.process.terminate()
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, getattr(signal, name))
