"""Checks a bundle of Regulars 熟客 without Regulars: no network, no database, nothing but this folder and `cryptography`.

Made to be read before it is believed: `trees` is the arithmetic, `bundle` opens the file, `log` and `house` say what
must hold, `words.txt` says it in English and 中文. It shares no code with the program whose work it checks.
"""  # noqa: E501  Chinese letters count double
