"""Agents that read the audit log as it grows: clocks, and linked notifications of concern.

The same pure functions as in process (`broker.deadlines`, `broker.pipeline.notices`) over state in PostgreSQL.
`rounds` does the work on one record, `app` lets Faust feed it, `liveness` tells when it has stopped being fed.
"""
