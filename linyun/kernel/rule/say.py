"""A whole rule in words, for the person who wrote it and for the one whom it concerns.

After the sentence come notes on what becomes of those for whom something is not known: nobody should have to guess.
"""

import re
from collections.abc import Iterator
from datetime import date

from linyun.kernel.declare import Subject
from linyun.kernel.rule.say_en import English, spoken
from linyun.kernel.rule.say_zh import Chinese
from linyun.kernel.rule.syntax import FIELD_TESTS, Condition, Related, Unknown, children, walk
from linyun.kernel.rule.vocabulary import SUBJECT_NAMES, Field, Vocabulary
from linyun.kernel.words import Lang


def say(condition: Condition, subject: Subject, vocabulary: Vocabulary, lang: Lang, today: date | None = None) -> str:
    """The rule as a sentence, with notes. ``today`` adds the calendar day to days told by their distance."""
    return ("" if lang == "zh" else " ").join(sentences(condition, subject, vocabulary, lang, today))


def sentences(
    condition: Condition, subject: Subject, vocabulary: Vocabulary, lang: Lang, today: date | None = None
) -> list[str]:
    """The sentence of the rule, then the notes."""
    zh, en = SUBJECT_NAMES[subject]
    notes = list(_notes(condition, subject, vocabulary))
    if lang == "zh":
        words = Chinese(vocabulary, today).phrase(condition, subject)
        return [_tidy(f"{words}的{zh}。"), *(_tidy(note[0]) for note in notes)]
    words = English(vocabulary, today).phrase(condition, subject)
    return [f"{en.capitalize()} for whom: {words}.", *(note[1] for note in notes)]


def phrase(condition: Condition, subject: Subject, vocabulary: Vocabulary, lang: Lang) -> str:
    """One condition in words, without notes."""
    speaker = Chinese(vocabulary) if lang == "zh" else English(vocabulary)
    return _tidy(speaker.phrase(condition, subject))


def _tidy(words: str) -> str:
    """Spaces set numbers off from characters; they have no place before punctuation and at the end.

    What stands between quotation marks is what the writer looks for, and is told as it is.
    """
    return re.sub(r"(“[^”]*”)| +(?=[、，。（）]|$)|(?<= ) +", lambda found: found[1] or "", words)


def _notes(condition: Condition, subject: Subject, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    zh, en = SUBJECT_NAMES[subject]
    doubtful = _doubtful(condition, subject, vocabulary)
    plain = [field for field in doubtful if not field.never[0]]
    if plain:
        yield (
            f"没有{'、'.join(f.name for f in plain)}记录的{zh}，这一项按“不清楚”处理，既不当作符合，也不当作不符合。",
            f"Where {', '.join(spoken(f.code) for f in plain)} is not known, that test is neither met nor failed.",
        )
    for field in doubtful:
        if field.never[0]:
            yield (
                f"{field.never[0]}过的{zh}，“{field.name}”按“不清楚”处理，不会因此列入；"
                f"要一并列入，请加上：或 {field.never[0]}。",
                f"{en.capitalize()} without any {spoken(field.code)} are not counted in for it;"
                f" to include them add: or {field.code} is unknown.",
            )
    if any(isinstance(part, Related) and part.where for part in walk(condition)):
        yield (
            "有关的人、房等情况不清楚而足以影响结果时，也按“不清楚”处理。",
            "Where something decisive is not known of those related, the test is neither met nor failed.",
        )


def _doubtful(condition: Condition, subject: Subject, vocabulary: Vocabulary) -> list[Field]:
    """The fields of the subject itself that are compared but never asked for being known, in order of appearance."""
    compared: dict[str, Field] = {}
    settled: set[str] = set()
    for part in _own(condition):
        if isinstance(part, Unknown):
            settled.add(part.field)
        elif isinstance(part, FIELD_TESTS):
            compared.setdefault(part.field, vocabulary.field(subject, part.field))
    return [field for code, field in compared.items() if code not in settled]


def _own(condition: Condition) -> Iterator[Condition]:
    """The condition and those inside it that are about the same subject."""
    yield condition
    if not isinstance(condition, Related):
        for child in children(condition):
            yield from _own(child)
