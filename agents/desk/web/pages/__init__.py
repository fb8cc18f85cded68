"""The pages, a module for each; every one names its routes in `ROUTES`."""
