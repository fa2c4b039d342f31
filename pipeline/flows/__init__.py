"""Who took a text from whom."""
