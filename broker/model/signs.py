"""Signs that are not seen: texts that differ in these alone look the same."""

import unicodedata

_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Control, direction, none at all, private use, half pairs, ends of lines."""
_FILLERS = frozenset(
    map(chr, (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x2800, 0x3164, *range(0xFE00, 0xFE10)))
) | frozenset(map(chr, (0xFFA0, *range(0xE0100, 0xE01F0))))
"""Letters and marks without a form: joiners, fillers, selectors of a variation, the blank pattern of Braille."""


def is_unseen(sign: str) -> bool:
    """Whether a sign shows nothing where it stands; a blank is seen."""
    return unicodedata.category(sign) in _CATEGORIES or sign in _FILLERS
