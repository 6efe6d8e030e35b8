"""The public grid on the ground: each cell as a shape with its count and its count per km²."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import geopandas as gpd
import shapely

from geo.crs import to_lonlat, to_plane
from geo.measure import area_km2
from kyodo_geo.city import City
from kyodo_geo.figures.vacancy import names_of
from kyodo_geo.model.vacancy.grid import Cell, PublicPicture

# Below this share of its square a piece stands for dwellings whose point lies over the border of their district
_SLIVER = 0.01


def cell_frame(city: City, on: date, picture: PublicPicture) -> gpd.GeoDataFrame:
    """Return the cells of a picture that has any in EPSG:4326, in their order.

    Columns: codes and names of the districts (text, joined by ・), count, side_m (0 where the cell is all of its
    districts), placed (False: dwellings without a position, drawn nowhere), km2 and per_km2. A square is cut to its
    districts, and taken whole where less than a hundredth of it lies in them.
    """
    shapes = to_plane(city.shapes(on))
    names = names_of(city, tuple(str(code) for code in shapes.index))
    cells = picture.cells
    pieces = gpd.GeoSeries([_piece(cell, shapes) for cell in cells], crs=shapes.crs)
    degrees = to_lonlat(pieces)
    km2 = area_km2(degrees)
    return gpd.GeoDataFrame(
        {
            "codes": ["・".join(cell.group) for cell in cells],
            "names": [_name(cell.group, names) for cell in cells],
            "count": [cell.count for cell in cells],
            "side_m": [int(cell.side_m or 0) for cell in cells],
            "placed": [cell.placed for cell in cells],
            "km2": km2.to_numpy(),
            "per_km2": [cell.count / one for cell, one in zip(cells, km2, strict=True)],
        },
        geometry=degrees,
        crs=degrees.crs,
    )


def _name(group: Sequence[str], names: dict[str, str]) -> str:
    joined = "・".join(names[code] for code in group)
    return f"{joined}(合わせて)" if len(group) > 1 else joined


def _piece(cell: Cell, shapes: gpd.GeoSeries) -> shapely.Geometry:
    whole = shapely.union_all([shapes[code] for code in cell.group])
    if cell.west_m is None or cell.south_m is None or cell.side_m is None:
        return whole
    square = shapely.box(cell.west_m, cell.south_m, cell.west_m + cell.side_m, cell.south_m + cell.side_m)
    piece = shapely.intersection(square, whole)
    return piece if piece.area >= _SLIVER * square.area else square
