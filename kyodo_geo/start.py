"""Set up and run: `python -m kyodo_geo.start app` or `python -m kyodo_geo.start test`.

Needs nothing but Python: makes the virtual environment `.venv` beside the project (or uses the one it runs in),
installs the versions of requirements.lock, and opens the app or runs the tests. Only the first run needs a
network, or a folder of wheels named by pip's own PIP_FIND_LINKS and PIP_NO_INDEX.
"""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_EXTRAS = {"app": "", "test": "[test]"}
_COMMANDS = {"app": ["-m", "kyodo_geo", "app"], "test": ["-m", "pytest"]}


def main(arguments: list[str]) -> int:
    """Set up for `app` or `test`, run it, and return its exit code; further words go to the app or to pytest."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                errors="replace"
            )  # a console without Japanese letters must not stop the set-up
    if not arguments or arguments[0] not in _COMMANDS:
        return _refuse("使い方: python -m kyodo_geo.start app|test", code=2)
    if sys.version_info < (3, 11):  # noqa: UP036 - this is the very check that tells a user of an older Python
        return _refuse(
            f"Python 3.11 以上が必要です(今は {sys.version.split()[0]})。python.org から入れてください。"
        )
    python = _environment()
    if python is None or not _install(python, arguments[0]):
        return 1
    try:
        return subprocess.run(
            [python, *_COMMANDS[arguments[0]], *arguments[1:]], check=False, cwd=ROOT
        ).returncode
    except KeyboardInterrupt:
        return 0


def _environment() -> Path | None:
    """Return the Python of the virtual environment: the one running, else `.venv`, made when missing."""
    if sys.prefix != sys.base_prefix:
        return Path(sys.executable)
    folder = ROOT / ".venv"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        _say(f"仮想環境を作っています: {folder}")
        try:
            venv.create(folder, with_pip=True)
        except (OSError, subprocess.CalledProcessError) as error:
            _refuse(f"仮想環境を作れません({error})。Debian・Ubuntu では python3-venv を入れてください。")
            return None
    return python


def _install(python: Path, purpose: str) -> bool:
    """Install the locked versions unless this very lock is installed already; pip's own words are shown."""
    stamp = python.parent / f".kyodo_geo_{purpose}"
    wanted = hashlib.sha256(
        b"".join((ROOT / name).read_bytes() for name in ("requirements.lock", "pyproject.toml"))
        + str(ROOT).encode()
    ).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return True
    _say("必要なものを入れています(初回だけ数分かかります)")
    target = f"{ROOT}{_EXTRAS[purpose]}"
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    locked = ["--constraint", str(ROOT / "requirements.lock"), "--editable", target]
    result = subprocess.run([*install, *locked], check=False, cwd=ROOT)
    if result.returncode != 0:
        _refuse(
            "入れられませんでした。初回はネットワーク(または PIP_FIND_LINKS で示した wheel のフォルダー)が必要です。"
        )
        return False
    stamp.write_text(wanted, encoding="utf-8")
    return True


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _refuse(text: str, *, code: int = 1) -> int:
    sys.stderr.write(f"{text}\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
