"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "3075c5ed2a18010be2cbbb495b5863a4101c9bdd0d128ed6fdf6227d6381be5e"
