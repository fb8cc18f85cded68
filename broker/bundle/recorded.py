"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "8209990d8c2b4537fa00c11d83b2a460a54b42dd1697e6400561fa64a10de0d5"
