"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "8e509be693723b1ab6a2f3142f1a32a1c9aa0734058ad1c893ba39c509ffae25"
