"""What the pages know of the names of time zones."""

import collections
import json
import zoneinfo

import pytest

from harness.processes import ROOT

TEXT = (ROOT / "Sources/Web/Resources/shared/zone-names.js").read_text("utf-8")
ZONES = [json.loads(line.strip().rstrip(",")) for line in TEXT.splitlines() if line.startswith("  {")]


def test_every_name_is_one_of_the_database_and_stands_once():
    names = [zone["name"] for zone in ZONES]
    every = names + [alias for zone in ZONES for alias in zone["aliases"]]

    assert len(names) > 400 and len(every) == len(set(every))
    assert set(every) <= zoneinfo.available_timezones()


def test_no_city_is_in_two_zones():
    cities = collections.Counter(city for zone in ZONES for city in zone["cities"])

    assert [city for city, count in cities.items() if count > 1] == []


@pytest.mark.parametrize(("typed", "name"), [
    ("Europe/Kiev", "Europe/Kyiv"), ("Asia/Calcutta", "Asia/Kolkata"), ("Asia/Saigon", "Asia/Ho_Chi_Minh"),
    ("Asia/Rangoon", "Asia/Yangon"), ("Asia/Katmandu", "Asia/Kathmandu"), ("America/Godthab", "America/Nuuk"),
    ("Iceland", "Atlantic/Reykjavik"), ("Mumbai", "Asia/Kolkata"), ("Beijing", "Asia/Shanghai"),
    ("San Francisco", "America/Los_Angeles"), ("Munich", "Europe/Berlin"), ("Hanoi", "Asia/Ho_Chi_Minh"),
])
def test_a_zone_is_found_by_its_older_names_and_its_cities(typed, name):
    assert [zone["name"] for zone in ZONES if typed in zone["aliases"] + zone["cities"]] == [name]
