"""The map: one renderer (plain JavaScript on Leaflet) for the app and for the exported page."""
