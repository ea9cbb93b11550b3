"""`python -m programme` is the command `programme`."""

from programme.commands import main

main()
