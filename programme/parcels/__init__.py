"""The box that reaches each home before the first session."""
