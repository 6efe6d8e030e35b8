"""One table of a list of vacant dwellings: its rows, what its columns are, and the survey year beside them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from kyodo_geo.sources.visit.sheets.heads import Body, Record
from kyodo_geo.sources.visit.vacancy.columns import Columns


@dataclass(frozen=True)
class Stated:
    """The survey year that stands outside the rows and the text that says it, or what is wrong with that text."""

    year: int | None = None
    text: str = ""
    wrong: str = ""


@dataclass(frozen=True)
class Table:
    """One table of the file: its body, what its columns are, and the survey year that stands outside its rows."""

    body: Body
    columns: Columns
    stated: Stated

    @cached_property
    def year_in_rows(self) -> bool:
        """Whether the rows give their years: there is such a column and it is not wholly blank."""
        return any(self.columns.cell(record.cells, "year") for record in self.body.records)

    @property
    def where(self) -> str:
        """The file, with the sheet where it has one, as messages name it."""
        return f"{self.body.file} シート「{self.body.sheet}」" if self.body.sheet else self.body.file

    def districts(self) -> list[str]:
        """Return what the rows say of their district, blanks included."""
        return [self._district(record) for record in self.body.records]

    def names(self) -> list[str]:
        """Return the place of each row by its name, else its district; none where keys, addresses or points tell it."""
        columns = self.columns
        if columns.has_point or {"key", "address"} & set(columns.roles):
            return []
        cells = [(columns.cell(one.cells, "name"), self._district(one)) for one in self.body.records]
        return [name or district for name, district in cells]

    def _district(self, record: Record) -> str:
        return self.columns.cell(record.cells, "district_code") or self.columns.cell(record.cells, "district")
