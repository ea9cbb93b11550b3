"""Programme runs termly online parenting groups: on time, once, and discreetly."""
