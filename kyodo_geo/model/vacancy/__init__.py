"""Vacant dwellings as a list tells them: counts, rates with a named denominator, and a grid that gives nobody away."""
