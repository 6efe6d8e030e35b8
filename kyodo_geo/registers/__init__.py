"""What is published and what staff entered, put together: councils, courses of management, plans, as of any day."""
