"""The councils (地域協働体) as of any day, their links to districts, their activity and the projects of their plans."""
