"""Codes that ended and where they lead. Short and curated; every line has its source.

Lists say that a code ended, never what came after it: that is in the decree.
"""

from datetime import date

#: ended code -> (successor, last day)
SUCCESSORS: dict[str, tuple[str, date]] = {
    # Suzhou: 沧浪, 平江 and 金阊 became 姑苏区 (国务院批复, 国函〔2012〕102号, 2012-08-17;
    # GB/T 2260 drops the three codes after its revision of 2011 and lists 320508 from 2012).
    "320502": ("320508", date(2012, 8, 31)),
    "320503": ("320508", date(2012, 8, 31)),
    "320504": ("320508", date(2012, 8, 31)),
    # Suzhou: 吴江市 became 吴江区 on the same day (same decree).
    "320584": ("320509", date(2012, 8, 31)),
}
