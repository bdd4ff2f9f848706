"""Many processes give what one gives, in order, and one dying process costs one item."""

import os

from kg.workers import in_order


def double(number):
    return 2 * number


def double_or_die(number):
    if number == 7:
        os._exit(9)
    return 2 * number


def died(number):
    return -number


def test_results_come_in_the_order_of_the_items_for_any_number_of_workers():
    expected = [2 * n for n in range(30)]
    assert list(in_order(double, range(30), workers=1, died=died)) == expected
    assert list(in_order(double, range(30), workers=2, died=died)) == expected


def test_an_item_that_kills_its_process_is_named_and_the_others_are_done():
    expected = [-7 if n == 7 else 2 * n for n in range(20)]
    assert list(in_order(double_or_die, range(20), workers=2, died=died)) == expected


def test_nothing_to_do_is_done():
    assert list(in_order(double, [], workers=2, died=died)) == []
