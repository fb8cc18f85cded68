"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "8983f80cd1666213fef3eabfd63b1405476b701d7789eef92d539ed77d5a0820"
