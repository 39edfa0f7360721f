"""Users' own templates: read from YAML, and refused with the file, the place and the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocppsim.main import charger_templates
from ocppsim.templates import TemplateFault, UnknownTemplate, creation_fields, read_catalogue

SMALL = """
name: Garage box
connectors:
  - {max_power_w: 11040}
"""
FULL = """
name: Yard charger
description: Stands in the yard.
charge_point_vendor: Yard & Sons
charge_point_model: "Y-2"
firmware_version: "1.10"
meter_type: M
connectors:
  - &outlet {power_type: DC, max_power_w: 60000}
  - *outlet
  - {power_type: AC, max_power_w: 7360, phases: 1, cable: socket}
phase_rotation: STR
shared_power_w: 80000
module_power_w: 20000
meter: {accuracy_class_percent: 0.5, resolution_wh: 1, measurands: [Energy.Active.Import.Register]}
configuration: {MeterValueSampleInterval: 5, LocalPreAuthorize: true, MeterValuesSampledData: ""}
behaviour: {free_vending: on}
"""


def written(directory: Path, text: str, name: str = "yard.yaml") -> Path:
    (directory / name).write_text(text, encoding="utf-8")
    return directory


def fault_of(directory: Path) -> str:
    with pytest.raises(TemplateFault) as caught:
        charger_templates(directory)
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_a_small_file_leaves_the_rest_to_what_any_new_charger_is(tmp_path: Path) -> None:
    template = charger_templates(written(tmp_path, SMALL)).get("yard")
    assert not template.built_in
    fields = creation_fields(template)
    assert fields["connectors"] == [
        {"power_type": "AC", "max_power_w": 11040.0, "phases": 3, "cable": "socket"}
    ]
    assert "charge_point_vendor" not in fields
    assert fields["configuration"] == {}


def test_a_file_can_say_all_that_a_charger_is(tmp_path: Path) -> None:
    outlet = {"power_type": "DC", "max_power_w": 60000.0, "phases": 3, "cable": "tethered"}
    assert creation_fields(charger_templates(written(tmp_path, FULL)).get("yard")) == {
        "charge_point_vendor": "Yard & Sons",
        "charge_point_model": "Y-2",
        "firmware_version": "1.10",
        "meter_type": "M",
        "connectors": [
            outlet,
            outlet,
            {"power_type": "AC", "max_power_w": 7360.0, "phases": 1, "cable": "socket"},
        ],
        "phase_rotation": "STR",
        "shared_power_w": 80000.0,
        "module_power_w": 20000.0,
        "meter": {
            "accuracy_class_percent": 0.5,
            "resolution_wh": 1.0,
            "measurands": ["Energy.Active.Import.Register"],
        },
        "configuration": {
            "MeterValueSampleInterval": "5",
            "LocalPreAuthorize": "true",
            "MeterValuesSampledData": "",
        },
        "behaviour": {"free_vending": "on"},
    }


def test_an_own_template_takes_the_place_of_a_built_in_one(tmp_path: Path) -> None:
    built_in = read_catalogue()
    own = charger_templates(written(tmp_path, SMALL, "dc-50kw.yml"))
    assert len(own) == len(built_in)
    assert own.get("dc-50kw").content.name == "Garage box"
    assert built_in.get("dc-50kw").built_in


def test_other_files_in_the_directory_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Ours")
    (tmp_path / ".hidden.yaml").write_text("{")
    (tmp_path / "more").mkdir()
    assert len(charger_templates(tmp_path)) == len(read_catalogue())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name: [", "line 1, column 8: expected the node content, but found '<stream end>'"),
        ("- a", "it must be fields with values, not a list"),
        ("", "it must be fields with values, not nothing"),
        ("name: A\nname: B", "line 2, column 1: name stands twice"),
        ("name: A", "connectors is missing"),
        (SMALL + "colours: red", "line 5: colours: there is no such field; there are name, descr"),
        (SMALL + "discription: A", "line 5: discription: there is no such field; description is"),
        (SMALL + "5: 4", "the name of a field must be a text; put it in quotes"),
        ("name: A\nconnectors: []", "line 2: connectors: it must be a list of length >= 1"),
        ("name: A\nconnectors:\n  - {}", "line 3: connectors[0]: max_power_w is missing"),
        (
            SMALL + "  - {max_power_w: fast}",
            "line 5: connectors[1].max_power_w: it must be a number, not a text",
        ),
        (SMALL + "  - {max_power_w: -1}", "line 5: connectors[1].max_power_w: it must be a numbe"),
        (SMALL + "  - {max_power_w: .inf}", "line 5: connectors[1].max_power_w: it must be a n"),
        (
            SMALL + "  - {max_power_w: 1, phases: 2}",
            "line 5: connectors[1].phases: it cannot be '2'; it is one of 1, 3",
        ),
        (
            SMALL + "  - {max_power_w: 1, cable: fixed}",
            "line 5: connectors[1].cable: it cannot be 'fixed'; it is one of socket, tethered",
        ),
        (SMALL + "charge_point_model: " + "x" * 21, "line 5: charge_point_model: it must be a t"),
        (
            SMALL + "firmware_version: 1.10",
            "line 5: firmware_version: it must be a text, not a number; put it in quotes",
        ),
        (
            SMALL + "meter:\n  measurands: [Power.Active]",
            "line 6: meter.measurands[0]: it cannot be 'Power.Active'; it is one of Power.Active",
        ),
        (SMALL + "meter: {measurands: [SoC]}", "line 5: meter.measurands: without Energy.Active."),
        (SMALL + "module_power_w: 1000", "line 5: module_power_w: module_power_w says in which"),
        (
            SMALL + "behaviour:\n  stop_id_tag: starter\n  power_loss: cry",
            "line 7: behaviour.power_loss: power_loss is one of stop, resume, not 'cry'",
        ),
        (SMALL + "behaviour: {mood: good}", "line 5: behaviour.mood: there is no behaviour 'mood'"),
        (SMALL + "behaviour: {power_loss: 1}", "line 5: behaviour.power_loss: it must be a text"),
        (
            SMALL + "configuration:\n  HeartbeatInterval: 60\n  Nonsense: 1",
            "line 7: configuration.Nonsense: there is no configuration key 'Nonsense'",
        ),
        (
            SMALL + "configuration: {MeterValueSampleInterval: often}",
            "line 5: configuration.MeterValueSampleInterval: 'often' is not an integer",
        ),
        (
            SMALL + "configuration:\n  LocalPreAuthorize: true\n  HeartbeatInterval: 1.5",
            "line 7: configuration.HeartbeatInterval: it must be a text, a whole number, true or",
        ),
        (SMALL + "configuration: {NumberOfConnectors: 4}", "line 5: configuration.NumberOfConnec"),
    ],
)
def test_a_broken_file_is_told_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    fault = fault_of(written(tmp_path, text))
    assert fault.startswith(f"{tmp_path / 'yard.yaml'}: {told}")


def test_a_file_that_is_no_text_or_not_well_named_is_refused(tmp_path: Path) -> None:
    (tmp_path / "yard.yaml").write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in fault_of(tmp_path)
    (tmp_path / "yard.yaml").unlink()
    assert "the file's name" in fault_of(written(tmp_path, SMALL, "two words.yaml"))
    (tmp_path / "two words.yaml").unlink()
    written(tmp_path, SMALL, "a.yaml")
    assert "another file has the id a" in fault_of(written(tmp_path, SMALL, "a.yml"))


def test_a_directory_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert str(tmp_path / "none") in fault_of(tmp_path / "none")


def test_the_example_of_the_guide_works(tmp_path: Path) -> None:
    guide = Path(__file__).parents[3] / "docs" / "charger-templates.md"
    example = guide.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    template = charger_templates(written(tmp_path, example)).get("yard")
    assert template.content.module_power_w == 15_000


def test_models_are_listed_from_small_to_large() -> None:
    listed = [template.id for template in read_catalogue()]
    assert listed[0] == "ac-3.7kw-1p-tethered"
    assert listed.index("ac-22kw-3p-socket") < listed.index("ac-2x22kw-shared")
    assert listed.index("ac-2x22kw") < listed.index("dc-24kw") < listed.index("dc-150kw")
    assert listed.index("dc-350kw") < listed.index("dc-2x150kw-shared")
    assert listed[-1] == "dc-4x400kw-depot"


def test_who_asks_for_an_unknown_template_is_told_what_there_is() -> None:
    with pytest.raises(UnknownTemplate, match=r"'dc-150'.*dc-150kw"):
        read_catalogue().get("dc-150")
    with pytest.raises(UnknownTemplate, match="known: ac-"):
        read_catalogue().get("?")
