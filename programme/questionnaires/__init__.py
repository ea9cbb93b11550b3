"""What we ask before, after and three months later, and how it is scored."""
