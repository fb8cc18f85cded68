"""Samband: a broker that asks the law before any information moves between authorities."""
