"""kyodo_geo: the map and the calculator behind community self-government in a Japanese city."""

__version__ = "0.4.0"
