"""Changes to an organisation: data, and their pure application."""
