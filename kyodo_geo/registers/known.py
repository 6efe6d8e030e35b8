"""Registers: the city's published records with the entries of the workspace laid over them, proven together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kyodo_geo.city import City
from kyodo_geo.model.changes import Entered, standing
from kyodo_geo.model.councils.on_day import RegisterOn, register_on
from kyodo_geo.model.councils.register import Register, build_register
from kyodo_geo.model.management.course import timelines_of
from kyodo_geo.model.management.values import Course
from kyodo_geo.rules.management import ManagementRules, management_rules


@dataclass(frozen=True, eq=False)
class Registers:
    """Everything that is known of councils and of the management of centres, published and entered.

    `entries` are all records of the workspace, `stand` those that count. `courses` are by district code.
    """

    city: City
    entries: tuple[Entered, ...]
    stand: tuple[Entered, ...]
    register: Register
    courses: Mapping[str, Course]
    rules: ManagementRules

    def councils_on(self, day: date) -> RegisterOn:
        """Return the register of councils as of a day, its count beside the published one."""
        facts = self.city.facts
        return register_on(
            self.register, day, published=facts.councils_published, reference=facts.councils_reference
        )


def registers_of(city: City, entries: Sequence[Entered]) -> Registers:
    """Return the registers of a city and the records of its workspace; InputRefused with every fault of the entries."""
    districts = {str(code): str(name) for code, name in city.names["district"].items()}
    stand = standing(entries)
    rules = management_rules()
    return Registers(
        city,
        tuple(entries),
        stand,
        build_register(city.shipped_councils, entries, districts=districts),
        timelines_of(city.management, stand, rules=rules, lineage=city.facts.lineage),
        rules,
    )


def with_entry(registers: Registers, candidate: Entered) -> Registers:
    """Return the registers with one more entry, to prove it before it is stored; InputRefused says what is wrong with it."""
    return registers_of(registers.city, (*registers.entries, candidate))
