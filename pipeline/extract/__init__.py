"""Raw documents to extracted ones: what one document says, read in a child process with caps."""
