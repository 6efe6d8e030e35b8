"""Vacant dwellings of a city: what is published, how households fell, and an opened list for staff and for the public."""
