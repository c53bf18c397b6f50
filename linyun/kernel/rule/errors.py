"""The refusal of a rule: where, why, what was expected, what was perhaps meant."""

from linyun.kernel.words import lang


class RuleError(ValueError):
    """A rule is refused.

    ``start`` and ``end`` are character offsets into the text, end exclusive; both 0 for a rule that came as JSON,
    where ``path`` (a JSON pointer) tells the place. ``expected`` and ``nearest`` may be empty.
    """

    def __init__(
        self,
        message_zh: str,
        start: int = 0,
        end: int = 0,
        expected: tuple[str, ...] = (),
        nearest: str = "",
        message_en: str = "",
        path: str = "",
    ) -> None:
        super().__init__(message_zh)
        self.message_zh = message_zh
        self.message_en = message_en or message_zh
        self.start = start
        self.end = end
        self.expected = expected
        self.nearest = nearest
        self.path = path
        self.source = ""

    @property
    def message(self) -> str:
        """Why, in the language of the moment."""
        return self.message_en if lang() == "en" else self.message_zh

    def __str__(self) -> str:
        return self.message

    @property
    def length(self) -> int:
        """How many characters are refused; 0 when something is missing at that place."""
        return self.end - self.start

    @property
    def line(self) -> int:
        """Line of the place, from 1."""
        return self.source.count("\n", 0, self.start) + 1

    @property
    def column(self) -> int:
        """Column of the place in its line, from 1."""
        return self.start - (self.source.rfind("\n", 0, self.start) + 1) + 1

    def of_tag(self, zh: str, en: str) -> "RuleError":
        """The same refusal as one of a tag's own rule; its place in that rule would mean nothing here."""
        return RuleError(f"{zh}{self.message_zh}", 0, 0, message_en=f"{en}{self.message_en}")

    def as_json(self) -> dict[str, object]:
        """For the page and the command line."""
        return {
            "message": self.message_zh,
            "message_en": self.message_en,
            "start": self.start,
            "length": self.length,
            "line": self.line,
            "column": self.column,
            "expected": list(self.expected),
            "nearest": self.nearest,
            "path": self.path,
        }
