"""Figures of a city: every indicator of the registry in every year there is, for districts, areas and the city."""
