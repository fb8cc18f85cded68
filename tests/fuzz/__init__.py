"""Inputs that nobody would write, for every parser that meets what others wrote: `make fuzz`."""
