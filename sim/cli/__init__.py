"""The commands of `tiercurve`, a module a family of them; sim/cli/main.py puts them together."""
