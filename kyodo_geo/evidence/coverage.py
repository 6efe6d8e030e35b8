"""How much of a district the rows of an opened table speak of: a part of it is not taken for the whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kyodo_geo.provenance import Unknown

PART_ONLY = Unknown("開いた表の行が地区の一部だけ")
# Small areas without a row are left alone while they hold less of the people: the censuses themselves leave some out
SMALL_SHARE = 0.01


def inhabited(home: Mapping[str, str], people: Mapping[str, int]) -> frozenset[str]:
    """Return the districts in which somebody lived at the newest census."""
    return frozenset(home[key] for key, count in people.items() if count)


def partly_covered(
    covered: Collection[str], home: Mapping[str, str], people: Mapping[str, int]
) -> frozenset[str]:
    """Return the districts of whose people (by the newest census) more than SMALL_SHARE live where no row speaks of.

    `covered` are the small areas the rows speak of, `home` the district of each small area, `people` its people.
    """
    whole: dict[str, int] = {}
    silent: dict[str, int] = {}
    for key, count in people.items():
        code = home[key]
        whole[code] = whole.get(code, 0) + count
        silent[code] = silent.get(code, 0) + (0 if key in covered else count)
    return frozenset(code for code, count in silent.items() if count > SMALL_SHARE * whole[code])
