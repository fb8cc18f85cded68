"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "204ace45db0dc9b4da8d5621fe5ae580c20044f8e9fbba049b934b6a211e7fae"
