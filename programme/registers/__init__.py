"""Who came: marks, arrivals and the closing of the register."""
