"""Formulas and references as they are stored: what they name, and what Excel would not take."""
import re

ROWS, COLUMNS = 1_048_576, 16_384
NAME = re.compile(r"[\w.\\?]")
# Functions that came after 2007 are stored with a prefix; without it Excel shows #NAME?.
NEWER = set("""AGGREGATE BETA.DIST BINOM.DIST CHISQ.DIST CHISQ.TEST CONFIDENCE.NORM COVARIANCE.P COVARIANCE.S F.DIST
F.TEST GAMMA.DIST MODE.SNGL MODE.MULT NORM.DIST NORM.INV NORM.S.DIST NORM.S.INV PERCENTILE.EXC PERCENTILE.INC
PERCENTRANK.INC POISSON.DIST QUARTILE.INC QUARTILE.EXC RANK.AVG RANK.EQ STDEV.P STDEV.S T.DIST T.INV T.TEST VAR.P VAR.S
WEIBULL.DIST Z.TEST ARABIC BASE BITAND BITOR BITXOR CEILING.MATH COMBINA DAYS DECIMAL ENCODEURL FILTERXML FLOOR.MATH
FORMULATEXT GAMMA GAUSS IFNA ISFORMULA ISOWEEKNUM MUNIT NUMBERVALUE PDURATION PHI RRI SHEET SHEETS SKEW.P UNICHAR
UNICODE WEBSERVICE XOR FORECAST.LINEAR CONCAT IFS MAXIFS MINIFS SWITCH TEXTJOIN ANCHORARRAY BYCOL BYROW CHOOSECOLS
CHOOSEROWS DROP EXPAND FILTER HSTACK IMAGE LAMBDA LET MAKEARRAY MAP RANDARRAY REDUCE SCAN SEQUENCE SINGLE SORT SORTBY
TAKE TEXTAFTER TEXTBEFORE TEXTSPLIT TOCOL TOROW UNIQUE VALUETOTEXT VSTACK WRAPCOLS WRAPROWS XLOOKUP XMATCH""".split())


def number_of(letters):
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def cell(text):
    """Row and column of an address, from 1; nothing for anything else."""
    found = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})", text)
    if not found:
        return None
    col, row = number_of(found[1]), int(found[2])
    return (row, col) if 1 <= row <= ROWS and 1 <= col <= COLUMNS else None


def area(text):
    """First row, first column, last row, last column of `A1`, `A1:B2`, `A:B` or `1:3`."""
    ends = text.replace("$", "").split(":")
    first, last = cell(ends[0]), cell(ends[-1])
    if len(ends) > 2:
        return None
    if first and last:
        return (*first, *last) if first[0] <= last[0] and first[1] <= last[1] else None
    if len(ends) == 2 and all(re.fullmatch("[A-Za-z]{1,3}", end) for end in ends):
        return 1, number_of(ends[0]), ROWS, number_of(ends[1])
    if len(ends) == 2 and all(end.isdigit() for end in ends):
        return int(ends[0]), 1, int(ends[1]), COLUMNS
    return None


def overlap(a, b):
    return not (a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1])


def crossing(areas):
    """Pairs of areas that share a cell."""
    areas = sorted(areas)
    for at, one in enumerate(areas):
        for other in areas[at + 1 :]:
            if other[0] > one[2]:
                break
            if overlap(one, other):
                yield one, other


def wants_quotes(sheet):
    return (
        not re.fullmatch(r"[^\W\d][\w.]*", sheet) or cell(sheet) is not None
        or re.fullmatch(r"(?i)r\d*c?\d*|c\d*|true|false", sheet) is not None
    )


class Formula:
    """What a formula is made of. `faults` are what Excel would not take, whatever the workbook."""

    def __init__(self, text):
        self.text, self.at = text, 0
        self.faults, self.sheets, self.functions, self.names, self.outside, self.tables = [], [], [], [], [], []
        self.arrays = self.unions = False
        # Open brackets: whether a function's, and how many arguments so far.
        self.open, self.depth = [], 0
        if text.startswith("="):
            self.faults.append("begins with =")
        if len(text.encode("utf-16-le")) // 2 > 8192:
            self.faults.append("longer than 8,192 characters")
        while self.at < len(text) and self.step():
            pass
        if self.open:
            self.faults.append("a bracket stays open")

    def fail(self, what):
        self.faults.append(what)
        return False

    def quoted(self, mark):
        """What stands between two marks, a doubled one being one of the text."""
        end = self.at + 1
        while True:
            end = self.text.find(mark, end)
            if end < 0:
                return None
            if self.text[end + 1 : end + 2] != mark:
                break
            end += 2
        inner = self.text[self.at + 1 : end].replace(mark * 2, mark)
        self.at = end + 1
        return inner

    def step(self):
        text, at = self.text, self.at
        char = text[at]
        if char == '"':
            literal = self.quoted('"')
            if literal is None:
                return self.fail("a text stays open")
            if len(literal.encode("utf-16-le", "surrogatepass")) // 2 > 255:
                self.faults.append("a text longer than 255 characters")
            return True
        if char == "'":
            name = self.quoted("'")
            if name is None or text[self.at : self.at + 1] != "!":
                return self.fail("a quoted name is no sheet's")
            self.at += 1
            self.sheet(name, True)
            return True
        if char == "[":
            return self.brackets()
        if char in "({":
            self.arrays |= char == "{"
            self.open.append([char, False, 1])
        elif char in ")}":
            if not self.open or {"(": ")", "{": "}"}[self.open.pop()[0]] != char:
                return self.fail("brackets do not match")
        elif char == ",":
            if self.open and self.open[-1][1]:
                self.open[-1][2] += 1
                if self.open[-1][2] > 255:
                    self.faults.append("more than 255 arguments")
            elif not (self.open and self.open[-1][0] == "{"):
                self.unions = True
        elif char == ";" and not (self.open and self.open[-1][0] == "{"):
            self.faults.append("; outside an array")
        elif char == "#":
            error = re.match(r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A)", text[at:])
            if not error:
                return self.fail("# is stored as ANCHORARRAY")
            self.at += len(error[0]) - 1
        elif char == "@":
            self.faults.append("@ is not stored")
        elif char in "，；（）“”‘’：＋－＊／＝＜＞":
            self.faults.append(f"full-width {char}")
        elif re.match(r"[\w.\\?$]+!", text[at:]):
            return self.word()
        elif char.isdigit():
            word = re.match(r"\d+(?:\.\d*)?(?:[eE][+-]?\d+)?", text[at:])[0]
            self.at += len(word) - 1
        elif NAME.match(char) or char == "$":
            return self.word()
        elif char not in "+-*/^&=<>%: \n\r\t!":
            self.faults.append(f"odd character {char!r}")
        self.at += 1
        return True

    def brackets(self):
        end, level = self.at, 0
        while end < len(self.text):
            level += {"[": 1, "]": -1}.get(self.text[end], 0)
            if level == 0:
                break
            end += 1
        else:
            return self.fail("[ stays open")
        inner = self.text[self.at + 1 : end]
        self.at = end + 1
        after = re.match(r"[\w.]*!", self.text[self.at :])
        if after:
            self.outside.append(inner)
            self.at += len(after[0])
        else:
            self.tables.append(self.names.pop() if self.names else "")
        return True

    def word(self):
        word = re.match(r"[\w.\\?$]+", self.text[self.at :])[0]
        after = self.text[self.at + len(word) : self.at + len(word) + 1]
        self.at += len(word)
        if after == "!":
            self.at += 1
            self.sheet(word, False)
        elif after == "(":
            self.functions.append(word)
            self.at += 1
            self.open.append(["(", True, 1])
            self.depth = max(self.depth, sum(one[1] for one in self.open))
            if self.depth == 65:
                self.faults.append("more than 64 levels")
            if word.upper() in NEWER:
                self.faults.append(f"{word} without its prefix")
        elif not (cell(word) or word.upper() in ("TRUE", "FALSE") or re.fullmatch(r"\$?[A-Za-z]{1,3}|\$?\d+", word)):
            self.names.append(word)
        return True

    def sheet(self, name, quoted):
        outside = re.search(r"\[([^\]]*)\]", name)
        if outside:
            self.outside.append(outside[1])
            return
        for one in name.split(":") if quoted else [name]:
            self.sheets.append(one)
            if not quoted and wants_quotes(one):
                self.faults.append(f"{one} without quotes")
