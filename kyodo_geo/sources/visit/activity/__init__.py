"""Tables of what councils did that somebody opens: one row an activity of a fiscal year."""
