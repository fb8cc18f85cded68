"""The digest of manifest.json, recorded when the bundle was built: generated, do not edit."""

MANIFEST = "9eeecfe30282b2de024fc53209af87fd5f0f287c0e77b5e51afc3ab6a514c27f"
