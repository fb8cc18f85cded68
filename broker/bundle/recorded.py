"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "7203bc3cb66af8414f995436ccd56ca7d4093692a4ae82f8de978849fd91c5f9"
