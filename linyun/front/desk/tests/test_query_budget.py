from datetime import date

import pytest

from tests.queries import asking

pytestmark = pytest.mark.django_db


def test_x(client_of, person, home):
    p = person(phone="19900123456", birth_date=date(1948, 3, 5))
    home(p)
    c = client_of("lin")
    for u in ("/desk", f"/desk/people/{p.pk}", f"/desk/people/{p.pk}/visit", "/desk/people", "/desk/visits"):
        with asking() as a:
            r = c.get(u)
        print(u, r.status_code, len(a))
        print(a)
    assert 0
