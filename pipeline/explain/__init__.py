"""Why an article is where it is: what the command line and the explorer both tell."""
