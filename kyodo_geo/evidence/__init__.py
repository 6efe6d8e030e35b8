"""What somebody brings beside the shipped data: tables of ages, of households with elderly, a list of vacant dwellings."""
