"""The ledger of a workspace: frozen runs and the life of grants, append-only."""

from kyodo_geo.ledger.place import WORKSPACE_VARIABLE, rules_folder, workspace
from kyodo_geo.ledger.store import FrozenRun, Ledger, canonical_bytes

__all__ = ["WORKSPACE_VARIABLE", "FrozenRun", "Ledger", "canonical_bytes", "rules_folder", "workspace"]
