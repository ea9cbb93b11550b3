"""What a parent sees."""
