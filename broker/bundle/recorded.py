"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "f868324a0e13c09f636f854989ec78cf1bc01d66efbaee80ce25bc974c6da303"
