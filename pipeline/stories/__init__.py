"""Copy groups to stories."""
