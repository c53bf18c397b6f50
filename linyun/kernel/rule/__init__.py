"""The rule language: a condition over a subject, written in Chinese or English, checked, explained, compiled.

    vocabulary = Vocabulary.of(catalogue)
    rule = parse("年龄 >= 70 且 标签 = 独居 且 最近走访 > 30天前", Subject.PERSON, vocabulary)   # or RuleError
    rule.text("en"), rule.say("zh"), rule.to_json(), rule.items(), rule.level(); rule_from_json(form, vocabulary)
    compile_sql(rule, "p", today, vocabulary)        # an expression for psycopg: true, false, NULL = unknown
    compile_sql(rule, "p", today, sense=Sense.TRUE)  # the same people for a WHERE, cheaper
    evaluate(rule, facts, today), why(rule, facts, today), needs(rule, facts, today)   # one person

What is not known makes a test unknown, not false; ``not``, ``and``, ``or`` follow Kleene's logic as in SQL; only
为空 (is unknown) always answers. A hand-set tag nobody set is absent. With ``30天前`` the signs compare how long ago
(``> 30天前``: longer ago than 30 days), the words 早于 and 晚于 compare the days; the canonical text uses the words.
"""

from linyun.kernel.rule.errors import RuleError
from linyun.kernel.rule.evaluate import evaluate
from linyun.kernel.rule.expand import tag_faults
from linyun.kernel.rule.forbidden import refuse_forbidden, refuse_ranking
from linyun.kernel.rule.rule import Rule, Use, parse, rule_from_json
from linyun.kernel.rule.sql import Compiled, Once, Sense, compile_sql
from linyun.kernel.rule.vocabulary import MARK_SQL, Vocabulary
from linyun.kernel.rule.why import Need, Why, needs, why

__all__ = [
    "MARK_SQL",
    "Compiled",
    "Need",
    "Once",
    "Rule",
    "RuleError",
    "Sense",
    "Use",
    "Vocabulary",
    "Why",
    "compile_sql",
    "evaluate",
    "needs",
    "parse",
    "refuse_forbidden",
    "refuse_ranking",
    "rule_from_json",
    "tag_faults",
    "why",
]
