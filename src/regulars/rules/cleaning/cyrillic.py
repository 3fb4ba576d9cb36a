"""Cyrillic in Latin letters, for comparing: as passports and clerks write it (near ICAO Doc 9303 and BGN/PCGN)."""

import re
from typing import Final

CYRILLIC: Final = re.compile("[Ѐ-ӿ]")
_LETTERS: Final = (
    "а a; б b; в v; г g; ґ g; ѓ g; д d; ђ dj; е e; ё e; є ye; ж zh; з z; ѕ dz; и i; і i; ї yi; й y; ј j; к k; ќ k; л l;"
    "љ lj; м m; н n; њ nj; о o; п p; р r; с s; т t; ћ c; у u; ў u; ф f; х kh; ц ts; ч ch; џ dz; ш sh; щ shch; ъ; ы y;"
    "ь; э e; ю yu; я ya"
)
_LATIN: Final = str.maketrans({letter: "".join(latin) for letter, *latin in map(str.split, _LETTERS.split(";"))})


def in_latin(text: str) -> str:
    """The text in small letters, what is Cyrillic of it in Latin ones.

    >>> in_latin("Щербаков Юрий"), in_latin("Фёдоров"), in_latin("王芳 Ann")
    ('shcherbakov yuriy', 'fedorov', '王芳 ann')
    """
    return text.casefold().translate(_LATIN)
