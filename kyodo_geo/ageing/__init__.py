"""Ageing of a city and its districts: what is published, what an opened table adds, and what may come."""
