"""The rules behind computed tags: read once for a vocabulary, guarded against circles and against growing too big."""

from dataclasses import dataclass

from linyun.kernel.declare import Subject, Tag
from linyun.kernel.rule.check import check
from linyun.kernel.rule.errors import RuleError
from linyun.kernel.rule.parse import draft_of
from linyun.kernel.rule.syntax import Condition, HasBranch, HasTag, Related, TagTest, children
from linyun.kernel.rule.vocabulary import Vocabulary

MAX_CHAIN = 10
MAX_EXPANDED = 5_000
MAX_EXPANDED_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Weight:
    """What a condition comes to when its tags are written out: single tests, levels of nesting, tags within tags."""

    size: int = 1
    depth: int = 1
    chain: int = 0


def tag_condition(tag: Tag, vocabulary: Vocabulary) -> Condition | None:
    """The condition behind a computed tag; None for one that is set by hand. Raises RuleError naming the tag."""
    if not tag.rule:
        return None
    key = ("condition", tag.code)
    if key not in vocabulary.cache:
        try:
            vocabulary.cache[key] = check(draft_of(tag.rule, tag.subject, vocabulary), tag.subject, vocabulary, [])
        except RuleError as fault:
            raise fault.of_tag(f"标签“{tag.name}”的规则有误：", f"The rule of tag {tag.code}: ") from fault
    found: Condition = vocabulary.cache[key]
    return found


def tags_meant(test: TagTest, subject: Subject, vocabulary: Vocabulary) -> list[Tag]:
    """The tags of which the subject must carry one, always in the same order."""
    match test:
        case HasTag(code):
            return [vocabulary.tags[code]]
        case HasBranch(path):
            return vocabulary.under(subject, path)


def weigh(condition: Condition, subject: Subject, vocabulary: Vocabulary, chain: tuple[str, ...] = ()) -> Weight:
    """The weight of a condition with its tags written out.

    Raises RuleError when a tag leads back to itself (with the chain), when tags stand in tags more than 10 deep, or
    when the whole comes to more than 5,000 tests or 60 levels.
    """
    match condition:
        case HasTag() | HasBranch():
            inner = [_weigh_tag(tag, vocabulary, chain) for tag in tags_meant(condition, subject, vocabulary)]
        case Related(relation=code, where=where):
            target = vocabulary.relation(subject, code).target
            inner = [weigh(where, target, vocabulary, chain)] if where else []
        case _:
            inner = [weigh(child, subject, vocabulary, chain) for child in children(condition)]
    size = 1 + sum(w.size for w in inner)
    depth = 1 + max((w.depth for w in inner), default=0)
    if size > MAX_EXPANDED or depth > MAX_EXPANDED_DEPTH:
        raise RuleError(
            f"把标签的规则展开后太大，最多 {MAX_EXPANDED} 个条件、{MAX_EXPANDED_DEPTH} 层，请换用更具体的标签。",
            message_en=f"Written out, the tags come to more than {MAX_EXPANDED} tests or {MAX_EXPANDED_DEPTH} levels.",
        )
    return Weight(size, depth, max((w.chain for w in inner), default=0))


def _weigh_tag(tag: Tag, vocabulary: Vocabulary, chain: tuple[str, ...]) -> Weight:
    condition = tag_condition(tag, vocabulary)
    if condition is None:
        return Weight()
    longer = (*chain, tag.code)
    if tag.code in chain:
        circle = longer[longer.index(tag.code) :]
        zh = " → ".join(vocabulary.tags[code].name for code in circle)
        raise RuleError(
            f"标签的规则绕成了圈：{zh}，请改掉其中一条。", message_en=f"Tags in a circle: {' → '.join(circle)}."
        )
    key = ("weight", tag.code)
    if len(longer) <= MAX_CHAIN and key not in vocabulary.cache:
        vocabulary.cache[key] = weigh(condition, tag.subject, vocabulary, longer)
    found: Weight = vocabulary.cache.get(key, Weight(chain=MAX_CHAIN))
    if found.chain >= MAX_CHAIN:
        raise RuleError(
            f"标签套标签最多 {MAX_CHAIN} 层，“{tag.name}”套得太深。",
            message_en=f"Tags within tags go at most {MAX_CHAIN} deep; {tag.code} is beyond.",
        )
    return Weight(found.size, found.depth, found.chain + 1)


def tag_faults(vocabulary: Vocabulary) -> dict[str, RuleError]:
    """What is wrong with the rules of the dictionary, by tag code; empty when all hold. For a check at start."""
    faults: dict[str, RuleError] = {}
    for tag in vocabulary.tags.values():
        try:
            _weigh_tag(tag, vocabulary, ())
        except RuleError as fault:
            faults[tag.code] = fault
    return faults
