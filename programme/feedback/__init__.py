"""What parents say about a session, in two taps."""
