"""What coverage is computed from: where people are, what can be reached, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from kyodo_geo.provenance import Basis, Source

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Demand:
    """Places where people are, each in one district: n keys, names and district codes, and arrays of n.

    `lonlat` (n, 2) in degrees, `xy` (n, 2) in plane metres (EPSG `epsg`), `weight` (n,) people or households, whole for
    small areas and fractions for pieces of mesh cells. `counted` names what is counted (人口), `unit` its unit (人),
    `kind` what a place is (小地域), `method` how people came to their point, `unplaced` what could not be placed.
    """

    keys: tuple[str, ...]
    names: tuple[str, ...]
    districts: tuple[str, ...]
    lonlat: Floats
    xy: Floats
    epsg: int
    weight: Floats
    counted: str
    unit: str
    kind: str
    method: str
    reference_date: str
    basis: Basis
    sources: tuple[Source, ...]
    unplaced: str = ""


@dataclass(frozen=True)
class Facility:
    """Something to reach: code, name, kind (centre, branch, shelter, clinic, station, stop, own), and where it is.

    `point` is "exact", or "town" where only the 大字 is known and its point stands for it (`point_name` says which), or
    "none" (then lon and lat are None and it cannot be measured). `hazards` says for which disasters it is designated
    as an emergency shelter; None where it is no designated shelter or that is not known.
    """

    code: str
    name: str
    kind: str
    lon: float | None
    lat: float | None
    point: str = "exact"
    point_name: str = ""
    note: str = ""
    district: str = ""
    hazards: Mapping[str, bool] | None = field(default=None, hash=False)
