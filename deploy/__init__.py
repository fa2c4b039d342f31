"""What starts newsfold somewhere: no part of the package."""
