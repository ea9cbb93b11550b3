"""What a participant gets each week, on the phone and on paper."""
