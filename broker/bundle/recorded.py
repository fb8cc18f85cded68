"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "40035878f3e385b728c2ecd9f634698c86a043774001323093a19f0f37c8280f"
