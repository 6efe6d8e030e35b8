"""The priority index of a city: figures chosen, scored, placed as far as they are known, and written down."""
