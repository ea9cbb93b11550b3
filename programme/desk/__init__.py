"""What staff see first: today, this term, tonight."""
