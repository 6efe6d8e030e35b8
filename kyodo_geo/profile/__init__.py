"""Districts side by side on everything that is known of them, with those that are like them."""
