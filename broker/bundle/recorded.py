"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "15b73faf14374cea173b6c6e0dab2b2161f0427ea8289462dca29ed2e87ce1f9"
