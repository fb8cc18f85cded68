"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "fd05d1f8ed59a595e227cef5842099139148b4d3034aacb18ec66df7df2fd53f"
