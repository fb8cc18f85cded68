"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "144ab92720b242d00e4ca97a2aeb9a17f28b502758de67fcd9efbf53a6575831"
