"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "1eefd468d21cc42272eb739497028cc242c9bd9cdd448a5e1adad5fecb309a7f"
