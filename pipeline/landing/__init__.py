"""A day's files in the landing zone to raw documents."""
