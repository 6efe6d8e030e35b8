"""Public transport of a city: an opened timetable put together with people, stops, distances and what-ifs."""
