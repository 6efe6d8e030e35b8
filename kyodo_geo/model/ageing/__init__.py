"""Ages: bands and tables of people by age, what is measured from them, and projections; pure calculation."""
