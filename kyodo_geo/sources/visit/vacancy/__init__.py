"""Lists of vacant dwellings that somebody opens: points, dwellings with a place, or counts by place."""
