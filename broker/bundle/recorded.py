"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "89e2c5946b07a7f9d4225f36c70047cad501c4b9a363b2c6c796f14779db7d7b"
