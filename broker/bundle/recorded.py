"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "3c3ccc7504e415c73f4aaca2b61f7a87c0cb6066447551de8b281726fb3e6bc7"
