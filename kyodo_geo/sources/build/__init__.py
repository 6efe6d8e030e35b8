"""The build step: from a folder of gathered source files to the shipped data/, the same bytes every time."""
