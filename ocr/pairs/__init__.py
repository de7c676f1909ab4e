"""Labels and their values, told by where they stand on the page."""
