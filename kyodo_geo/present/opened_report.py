"""The account of opened files as lines of text: what was read, what was left out, what is used with a caution."""

from __future__ import annotations

from collections.abc import Iterable

from kyodo_geo.sources.visit.opened import Opened


def account_lines(opened: Iterable[Opened], *, withheld: Iterable[Opened] = ()) -> list[str]:
    """Return a line for each file and one for each fault, in the order of the file.

    Of files `withheld` only name, title and day are told: what was not read of a list of dwellings holds addresses.
    """
    lines = [
        f"開いたファイル {one.name}({one.title}、時点: {one.reference_date})。読まなかった行は「空き家」の頁の職員の表示で確かめる"
        for one in withheld
    ]
    for one in opened:
        counts = "、".join(f"{word} {number:,}" for word, number in one.counts)
        lines.append(f"開いたファイル {one.name}({one.title}、時点: {one.reference_date}): {counts}")
        lines += [f"  読まなかった: {fault}" for fault in one.left_out]
        lines += [f"  注意: {fault}" for fault in one.cautions]
    return lines
