"""The words of the pages, Swedish next to English, as data."""
