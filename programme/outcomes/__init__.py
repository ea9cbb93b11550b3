"""What changed from before to after to three months later."""
