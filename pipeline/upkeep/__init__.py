"""What keeps a warehouse right over the years: status, repair, gc, retention, quality."""
