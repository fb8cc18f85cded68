"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "c0e271ed82356ee9e352cdd3bb6fd484e8d8fa39d4882b99484aab2e61769ddb"
