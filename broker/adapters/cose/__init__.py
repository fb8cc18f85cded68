"""Receipts of records for verifiers that speak COSE."""
