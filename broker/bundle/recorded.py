"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "a1bc5a15a7059b8f82db7e9d7cc515f8c55dd3e1077299ce4b8e1cd892c1f0b3"
