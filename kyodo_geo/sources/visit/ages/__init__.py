"""Tables of people by age that somebody opens: e-Stat small areas in both products, and resident registers."""
