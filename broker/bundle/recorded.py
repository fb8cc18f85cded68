"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "b77c43765c1092639d0d964a0a7e4c80a974c4e9f30ae718ce0ded5cf2fc652c"
