"""Points as files give them: degrees read from text, and what is wrong with a place that cannot be in Japan."""

from __future__ import annotations

import math
import unicodedata

# Yonaguni to Minami-Torishima, Okinotorishima to 択捉島; the same frame as geo.read
_WEST, _EAST, _SOUTH, _NORTH = 122.0, 154.0, 20.0, 46.0


def degrees(text: str) -> float | None:
    """Return a coordinate in decimal degrees (full-width digits are read), None when the text is no number."""
    try:
        number = float(unicodedata.normalize("NFKC", text).strip())
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def misplaced(lon: float, lat: float) -> str:
    """Return what is wrong with a point in degrees, in Japanese; "" when it lies in Japan (122–154°E, 20–46°N)."""
    if _in_japan(lon, lat):
        return ""
    if lon == 0 and lat == 0:
        return "緯度も経度も 0 です"
    if _in_japan(lat, lon):
        return f"緯度と経度が入れ替わっています(緯度 {lat:g}、経度 {lon:g})"
    return f"日本の外です(緯度 {lat:g}、経度 {lon:g})"


def _in_japan(lon: float, lat: float) -> bool:
    return _WEST <= lon <= _EAST and _SOUTH <= lat <= _NORTH
