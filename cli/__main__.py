"""`python -m deskferry.cli`: the same as `deskferry`."""

from .main import main

main()
