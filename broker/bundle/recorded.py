"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "2f27e6ae851364088febfb335952443431f44f80b04665e80318195e3817f095"
