"""What every area stands on: clock, database, sealing, paper, web, audit. No domain words."""
