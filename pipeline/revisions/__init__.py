"""Captures of one page: which is a revision of which, and what it changed."""
