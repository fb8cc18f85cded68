"""The promises of the ports (`broker/ports/store.py`), as test classes: an adapter proves itself by subclassing them.

They are not collected by themselves; `test_contracts.py` subclasses each for the adapters of the embedded runtime.
"""
