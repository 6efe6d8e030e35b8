"""The priority index: scores that add up, ranges where something is unknown, and how much hangs on the weights."""
