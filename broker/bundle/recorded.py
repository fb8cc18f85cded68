"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "73d943597912945d18a7318bb092510fed609764e8649f490ba76584eef55dbe"
