import pytest
from linyun.hub.scan import find
from linyun.hub.scan.find import Asked
from linyun.hub.scan.undecided import facts

def test_x(as_worker, person):
    p=person(name="甲", service_needs=["11"], community_role=[], birth_date=None)
    with as_worker():
        a=Asked.text("服务需求 不为空 且 年龄 > 3 且 手工标签 为空")
        print(facts(a,[p.pk]))
        from django.db import connection
        with connection.cursor() as c:
            c.execute("select tail from records_person")
            print(c.fetchall())
    assert 0
