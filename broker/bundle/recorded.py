"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "1f6c9839b3e71b5bb34f3221f264012ac30f311276687b832bbe1245b38cb7ba"
