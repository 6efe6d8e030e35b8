"""Suppressed small areas: who is counted, with whom, and what does not fit together."""

from hypothesis import given
from hypothesis import strategies as st

from kyodo_geo.sources.visit.ages.suppression import AreaRow, Treatment, group_areas, leaf_keys, split_codes

CITY = "99999"
NONE, RECEIVES, SUPPRESSED = Treatment.NONE, Treatment.RECEIVES, Treatment.SUPPRESSED


def area(line, short, treatment=NONE, into="", members=()):
    return AreaRow(line, f"{CITY}{short}", f"町{short}", treatment, into, tuple(members))


def group(*rows):
    return group_areas([AreaRow(3, CITY, "市"), *rows], city=CITY, file="表")


def keys(grouping):
    return {
        one.key.removeprefix(CITY): tuple(key.removeprefix(CITY) for key in one.keys)
        for one in grouping.groups
    }


def test_nine_digits_with_longer_keys_below_are_a_subtotal():
    every = ["999990010", "99999001001", "99999001002", "999990020"]
    assert leaf_keys(every) == set(every) - {"999990010"}


def test_a_receiver_and_all_it_took_in_are_one_group():
    found = group(
        area(4, "0010", RECEIVES, members=["0020", "0030"]),
        area(5, "0020", SUPPRESSED, "0010"),
        area(6, "0030", SUPPRESSED, "0010"),
        area(7, "0040"),
    )
    assert keys(found) == {"0010": ("0010", "0020", "0030"), "0040": ("0040",)}
    assert not found.left_out
    assert not found.cautions


def test_one_side_alone_ties_a_group_and_is_named():
    found = group(area(4, "0010", RECEIVES), area(5, "0020", SUPPRESSED, "0010"))
    assert keys(found) == {"0010": ("0010", "0020")}
    assert [fault.row for fault in found.cautions] == [4]
    found = group(area(4, "0010", RECEIVES, members=["0020"]), area(5, "0020", SUPPRESSED))
    assert keys(found) == {"0010": ("0010", "0020")}


def test_a_suppressed_area_without_a_receiver_is_named_and_in_no_group():
    found = group(area(4, "0010"), area(5, "0020", SUPPRESSED))
    assert keys(found) == {"0010": ("0010",)}
    assert [fault.row for fault in found.left_out] == [5]


def test_a_receiver_that_is_no_row_or_suppressed_itself_is_named():
    found = group(area(4, "0020", SUPPRESSED, "0090"), area(5, "0030", SUPPRESSED, "0020"), area(6, "0040"))
    told = " ".join(map(str, found.left_out))
    assert "合算先「0090」の行がありません" in told
    assert "合算先「0020」も秘匿されています" in told
    assert keys(found) == {"0040": ("0040",)}


def test_an_unknown_and_an_unsuppressed_member_are_named_and_not_folded_in():
    found = group(area(4, "0010", RECEIVES, members=["0090", "0040"]), area(5, "0040"))
    assert keys(found) == {"0010": ("0010",), "0040": ("0040",)}
    assert len(found.cautions) == 2


def test_values_in_a_row_below_a_subtotal_stay_with_that_row():
    found = group(
        area(4, "0010"),
        area(5, "001001", RECEIVES, members=["0020"]),
        area(6, "001002"),
        area(7, "0020", SUPPRESSED, "0010"),
    )
    assert keys(found) == {"001001": ("001001", "0020"), "001002": ("001002",)}


def test_values_in_a_subtotal_alone_make_all_of_it_one_group():
    found = group(
        area(4, "0010", RECEIVES, members=["0020"]),
        area(5, "001001"),
        area(6, "001002"),
        area(7, "0020", SUPPRESSED, "0010"),
    )
    assert keys(found) == {"0010": ("001001", "001002", "0020")}


def test_areas_below_a_suppressed_subtotal_go_where_it_went():
    below = (
        area(5, "0020", SUPPRESSED, "0010"),
        area(6, "002001", SUPPRESSED),
        area(7, "002002", SUPPRESSED),
    )
    for members in (["0020"], []):
        found = group(area(4, "0010", RECEIVES, members=members), *below)
        assert keys(found) == {"0010": ("0010", "002001", "002002")}
        assert not found.left_out
        assert bool(found.cautions) is not bool(members)


def test_codes_of_a_cell_are_split():
    assert split_codes("0020;0030") == ("0020", "0030")
    assert split_codes("-") == split_codes("") == ()


@given(st.lists(st.integers(0, 9), min_size=1, max_size=9))
def test_every_area_stands_in_one_group_and_one_only(receivers):
    """Area i is suppressed into `receivers[i]`, itself meaning not at all; receivers of others are never suppressed."""
    targets = set(receivers)
    state = {at: (to if at not in targets and to < len(receivers) else at) for at, to in enumerate(receivers)}
    taken = {to: [at for at, one in state.items() if one == to and at != to] for to in state.values()}
    rows = []
    for at, to in state.items():
        members = [f"{one:04}" for one in taken.get(at, [])]
        treatment = SUPPRESSED if to != at else RECEIVES if members else NONE
        rows.append(area(at + 4, f"{at:04}", treatment, f"{to:04}" if to != at else "", members))
    found = group(*rows)
    told = [key for one in found.groups for key in one.keys]
    assert sorted(told) == sorted(row.key for row in rows)
    assert not found.left_out
    assert not found.cautions
