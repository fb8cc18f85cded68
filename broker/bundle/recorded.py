"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "3d99a7152a171afcdf78f09162aec48c27a9995cad9dff3741a4c9cda0ce0be3"
