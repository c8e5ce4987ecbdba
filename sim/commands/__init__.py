"""The commands of `tiercurve`, a module a family of them; sim/cli.py puts them together."""
