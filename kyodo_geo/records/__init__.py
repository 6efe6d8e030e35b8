"""The records of a workspace: what staff enter and correct, append-only, beside the data that are shipped."""

from kyodo_geo.records.conflict import Conflict
from kyodo_geo.records.exchange import export_csv, import_file
from kyodo_geo.records.rows import Draft
from kyodo_geo.records.store import Records, Taken

__all__ = ["Conflict", "Draft", "Records", "Taken", "export_csv", "import_file"]
