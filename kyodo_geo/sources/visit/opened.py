"""What a file that somebody opened for this visit gave: what was read, what was left out, and why."""

from __future__ import annotations

from dataclasses import dataclass

from kyodo_geo.errors import Fault
from kyodo_geo.provenance import Basis, Source


@dataclass(frozen=True)
class Opened:
    """The account of an opened file: counts of what was read, every thing left out, and what was used with a caution.

    `counts` are (word, number) in the order to show; each `Fault` names row and column where there is one. The file is
    not kept: `sha256` says which it was. `counted_by` says 国勢調査 or 住民基本台帳 where the file counts people;
    `fictional` that it calls itself made up (架空); a file whose name says so is taken at its word.
    """

    name: str
    title: str
    sha256: str
    counts: tuple[tuple[str, int], ...]
    left_out: tuple[Fault, ...] = ()
    cautions: tuple[Fault, ...] = ()
    publisher: str = "ファイルに記載なし"
    reference_date: str = "ファイルに記載なし"
    licence: str = "ファイルに記載なし"
    counted_by: str = ""
    fictional: bool = False

    @property
    def source(self) -> Source:
        """The file as a source, to stand beside the figures made from it."""
        return Source(
            id=f"opened_{self.sha256[:12]}",
            file=self.name,
            publisher=self.publisher,
            title=self.title,
            url="",
            reference_date=self.reference_date,
            published="ファイルに記載なし",
            accessed="この表示のために開いた",
            licence=self.licence,
            basis=Basis.FICTIONAL if self.fictional or "架空" in self.name else Basis.SUPPLIED,
            method="利用者が開いたファイル。この表示にだけ使い、保存していない",
            sha256=self.sha256,
            rows=sum(number for _, number in self.counts),
            population_basis=self.counted_by,
        )
