"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "4ae383d29cbaa8cb4a449d3013f8747239ee19d1077191c256c4f74f8a30ff16"
