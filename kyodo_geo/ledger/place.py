"""Where the workspace is: the folder that is named, that of KYODO_GEO_WORKSPACE, or the project's own."""

from __future__ import annotations

import os
from pathlib import Path

WORKSPACE_VARIABLE = "KYODO_GEO_WORKSPACE"
_OWN = Path(__file__).resolve().parent.parent.parent / "workspace"


def workspace(named: Path | None = None) -> Path:
    """Return the folder of the ledger; it need not be there yet."""
    return named or Path(os.environ.get(WORKSPACE_VARIABLE) or _OWN)


def rules_folder(named: Path | None = None) -> Path:
    """Return the folder of the workspace for rule files of the user's own; it need not be there yet."""
    return workspace(named) / "rules"
