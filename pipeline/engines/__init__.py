"""What brings rows together and runs the stages on them."""
