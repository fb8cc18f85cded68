"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "94cd1c1a11619bc105ab8ec700487c8c5e211d02387cf28a290d0c88c2b85b99"
