"""Pure calculations: no files, no clock, no screen."""
