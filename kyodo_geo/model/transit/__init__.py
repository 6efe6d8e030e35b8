"""A timetable as pure calculation: days, departures, runs there and back, journeys, and what the loss of a route does."""
