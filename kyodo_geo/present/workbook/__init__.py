"""The Excel workbook of a run: inputs, live formulas with their present values, checks and sources."""

from kyodo_geo.present.workbook.pages import workbook_bytes

__all__ = ["workbook_bytes"]
