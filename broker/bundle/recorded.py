"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "d43d274af0291cd57a2e853c46d5a77d931da6e4a1f3486ada5db94a3c6a5e69"
