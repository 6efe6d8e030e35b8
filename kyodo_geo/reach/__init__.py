"""Coverage of a city: demand, facilities and distances put together, and handed to the map and the tables."""
