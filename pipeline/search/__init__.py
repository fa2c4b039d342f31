"""Full-text search: an index of the words of each published day, and what answers a query from it or, without one, from the texts."""
