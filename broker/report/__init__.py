"""The yearly report: figures from the log, small numbers hidden, a page with plots, and a table for machines.

Pure but for page and plots: records in, tables out. Headings are the project's own.
"""
