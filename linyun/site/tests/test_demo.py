"""A demonstration of any size: the rosters to try come with it where its committee is large enough."""

from datetime import date

import pytest

from linyun.kernel.synth.estates import Area
from linyun.kernel.synth.world import generate
from linyun.site.demo.rosters import COMMITTEE, FILES, write_rosters


def world_of(people):
    return generate([Area(COMMITTEE, "公交新村居委会")], people, 3, date(2026, 11, 1))


@pytest.mark.parametrize(("people", "every"), [(900, True), (40, False)])
def test_a_small_demonstration_goes_without_what_it_is_too_small_for(tmp_path, people, every):
    written = write_rosters(world_of(people), tmp_path)
    assert {path.name for path in written} <= {name for name, *_ in FILES}
    assert (len(written) == len(FILES)) is every
    assert all(path.exists() for path in written)
