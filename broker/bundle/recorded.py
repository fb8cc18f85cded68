"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "280bfe1fa44930dcbca5332afc842affe69c63afbc93280fda62b263cb371383"
