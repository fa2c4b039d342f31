"""Feeds, sitemaps, lists and archives into the landing zone."""
