"""A plan's programmes: how each goes in each fiscal year, what is late, and what the councils answered."""
