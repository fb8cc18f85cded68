"""The digest of manifest.json, recorded when the bundle was built: generated, do not edit."""

MANIFEST = "25275a80a0ba458e9197526f2ec4d7ec8a416f3b5902e88d7c007616c7363dc6"
