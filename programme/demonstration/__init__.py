"""A living charity made of made-up people, dated relative to today."""
