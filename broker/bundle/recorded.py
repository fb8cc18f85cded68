"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "ac3292c2727a63104bb558df7e525ec96d0c0a8651fb94637d17c3dc66f2a1e6"
