"""A living charity made of made-up people, dated relative to today."""

from programme.demonstration.loading import is_wanted, load

__all__ = ["is_wanted", "load"]
