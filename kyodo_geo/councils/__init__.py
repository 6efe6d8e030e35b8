"""The councils of a city as a page and a file show them: register, activity, projects, survey."""
