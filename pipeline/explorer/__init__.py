"""The story explorer: a warehouse to look at, as pages and as JSON. It reads, and never writes."""
