"""Programme runs termly online parenting groups for families with a parent in prison."""
