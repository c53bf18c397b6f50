"""Reading a rule with a dictionary of 1,000 words, and asking it of one person: microseconds, against Python's own compile()."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from bench.machine import best_of
from linyun.kernel import seeds
from linyun.kernel.declare import Kind, Subject, Term
from linyun.kernel.rule import Vocabulary, evaluate, parse

TYPICAL = "年龄≥70且性别=女 或 (婚姻状况 属于 (丧偶、离婚) 且 非 文化程度 = 小学)"
PEER = "age >= 70 and sex == 'female' or (marital in ('widowed', 'divorced') and not education == 'primary')"
TIMES = 200
AGE = Term("age", "年龄", Subject.PERSON, Kind.INTEGER, "age({today}, {s}.birth_date)")


def microseconds(do: Callable[[], Any]) -> float:
    """Of one call, best of five rounds."""
    return round(best_of(5, lambda: [do() for _ in range(TIMES)]) / TIMES * 1e6, 1)


def measure() -> dict[str, Any]:
    """Reading and evaluating."""
    root = Path(__file__).parents[1] / "seeds"
    items = [i for i in seeds.load_items(root) if i.subject is Subject.PERSON]
    words = Vocabulary(items=[*items], code_sets=seeds.load_code_sets(root), terms=[AGE])
    rule, today = parse(TYPICAL, Subject.PERSON, words), date(2026, 11, 1)
    facts = {"age": 72, "sex": "2", "marital_status": "10", "education": "80"}
    return {
        "read_us": microseconds(lambda: parse(TYPICAL, Subject.PERSON, words)),
        "python_compile_us": microseconds(lambda: compile(PEER, "rule", "eval")),
        "one_person_us": microseconds(lambda: evaluate(rule, facts, today)),
    }


if __name__ == "__main__":
    print(json.dumps(measure()))  # noqa: T201
