"""Adapters: each third-party library is imported by one module here."""
