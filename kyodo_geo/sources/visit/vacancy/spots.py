"""The place of a row of a vacancy list, from the several texts that may tell it."""

from __future__ import annotations

from dataclasses import dataclass

from kyodo_geo.sources.visit.gazetteer import Gazetteer
from kyodo_geo.sources.visit.sheets.places import Found, Unfound, find_place


@dataclass(frozen=True)
class Texts:
    """What a row says of its place, "" for nothing; `name` is of a small area or a ward."""

    key: str
    name: str
    address: str
    district_code: str
    district: str


def find_spot(texts: Texts, gazetteer: Gazetteer) -> Found | Unfound | None:
    """Return the place of a row: the first of its texts that gives small areas, else the first that gives a district.

    A name or an address that lies in another district than the row names is Unfound, unless another text gives small
    areas. None for no texts. Raises ValueError, in Japanese, for another city's key.
    """
    district = texts.district_code or texts.district
    tried = [(texts.key, texts.name or texts.address, district), ("", texts.address, district)]
    answers = [
        find_place(gazetteer, key=key, name=name, district=within)
        for key, name, within in dict.fromkeys(one for one in tried if any(one))
    ]
    contradicted = any(isinstance(one, Unfound) and one.contradicts for one in answers)
    # 地区名 may be the name of a small area; never so where it is the district that the address contradicts
    if texts.district and not texts.name and not contradicted:
        answers.append(find_place(gazetteer, name=texts.district))
    return min(answers, key=_vagueness, default=None)


def _vagueness(answer: Found | Unfound) -> int:
    """Order answers: small areas, a name in another district, a district, a name of none or several, the whole city."""
    if isinstance(answer, Unfound):
        return 1 if answer.contradicts else 3
    return 0 if answer.keys else 2 if answer.district else 4
