"""1 km mesh cells to districts: our overlap weights beside tobler's areal interpolation."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd
from lines import Line, Ratio, median_ms, missing

from geo.crs import to_plane
from geo.mesh import mesh_cells
from geo.transfer import move_totals, overlap_weights
from kyodo_geo.city import City

ROOT = Path(__file__).resolve().parents[2]


def measure() -> Iterator[Line | Ratio]:
    """Return the time for weights, for the same weights used again, and how far the sums are apart."""
    people, cells, districts = _inputs()
    weights = overlap_weights(cells, districts)
    again = median_ms(lambda: move_totals(people, weights))
    note = (
        f"{len(cells):,} cells to {len(districts)} districts; moving totals with kept weights {again:.1f} ms"
    )
    ours = median_ms(lambda: move_totals(people, overlap_weights(cells, districts)), times=5)
    yield Line("mesh population to districts", ours, "ms", note=note)
    try:
        yield from _beside_tobler(people, cells, districts, ours)
    except ImportError as error:
        yield missing("tobler, area_interpolate", error)


def _inputs() -> tuple[pd.Series, gpd.GeoSeries, gpd.GeoSeries]:
    with (ROOT / "data/population/mesh1km_2020.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["mesh_code"]: int(row["population"] or 0) for row in csv.DictReader(file)}
    districts = to_plane(City.load().outlines)
    return pd.Series(rows, name="population"), mesh_cells(rows).to_crs(districts.crs), districts


def _beside_tobler(
    people: pd.Series, cells: gpd.GeoSeries, districts: gpd.GeoSeries, ours_ms: float
) -> Iterator[Ratio]:
    from tobler.area_weighted import area_interpolate  # noqa: PLC0415 - a peer, not there for everybody

    # tobler's own use of SciPy warns at every call
    warnings.simplefilter("ignore", FutureWarning)
    source = gpd.GeoDataFrame({"people": people}, geometry=cells)
    target = gpd.GeoDataFrame(geometry=districts)

    def interpolate() -> gpd.GeoDataFrame:
        return area_interpolate(source, target, extensive_variables=["people"], allocate_total=False)

    theirs_ms = median_ms(interpolate, times=5)
    moved = move_totals(people, overlap_weights(cells, districts))
    apart = float((moved.to_numpy() - interpolate()["people"].to_numpy()).__abs__().max())
    yield Ratio(
        "mesh population to districts",
        "tobler",
        ours_ms,
        theirs_ms,
        "ms",
        f"largest difference {apart:.2g} people",
    )
