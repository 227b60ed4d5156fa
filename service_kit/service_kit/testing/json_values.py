"""
Values of every kind, as JSON writes them: ordinary ones, and those about which validators could disagree.

Left out are those that a contract describes in words only, because no schema can: a number finer than a cent, and two
items of a list with the same id. Left out is also a line break at the end of a number's text: to Python's validators,
unlike others, `$` matches before it.
"""

import json
from collections.abc import Sequence

NUMBERS = """
0 -0 -0.0 0.0 0e5 1 1.0 1.00 1e0 1E+2 1e-1 1.5 0.01 0.1 0.5 19.99 9.95 4.35 1.10e1 2.5e0 100 255 256 -1 -1.0 -0.01
-19.99 2147483647 2147483648 2147483647.0 -2147483647 -2147483648 99999999 99999999.99 100000000 1e8 1e10
9007199254740991 9007199254740992 9223372036854775807 9223372036854775808 1e30
""".split()  # noqa: SIM905 - a list of strings would be a page long
PLAIN_TEXTS = """
a lamp 0 -0 -0.00 0.00 1 01 1. .5 1.5 19.9 19.99 19.990 1e3 +1 -1 1,5 99999999.99 100000000 NaN Infinity 1_000 true
null pending shipped delivered canceled Canceled gone 2026-01-31T12:00:00Z 0d9c2f6e-5b1f-4c1e-9a53-2f3b7f6a8c11
0D9C2F6E-5B1F-4C1E-9A53-2F3B7F6A8C12 0d9c2f6e5b1f4c1e9a532f3b7f6a8c11 {0d9c2f6e-5b1f-4c1e-9a53-2f3b7f6a8c11}
""".split()  # noqa: SIM905
ODD_TEXTS = [
    *["", " ", "\n", " 1", "1 ", " a ", "a" * 255, "a" * 256, " " + "a" * 255, "a\tb", "a\r\nb", "a\n"],
    *["\u00e9", "e\u0301", "\u0645\u0635", "\u0661", "\uff11", "\U0001f4a1", "\U0001f469\u200d\U0001f467"],
    *["\u200b", "\u200b\u200d", "\u200ba", "\u202e", "\u3164", "\ufeff", "\u00ad", "\u2028", "\u2800"],
    *["\U000e0041", "a\u0000b", "a\u001bb", "a\u007fb", "\u0085", "\u001c"],
]
OTHERS = ["null", "true", "false", "[]", "{}", "[1]", '{"a": 1}']
VALUES: Sequence[str] = [*NUMBERS, *map(json.dumps, [*PLAIN_TEXTS, *ODD_TEXTS]), *OTHERS]
