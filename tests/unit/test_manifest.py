from __future__ import annotations

import pytest
from fictional import city as fictional

from kyodo_geo.city import City
from kyodo_geo.errors import DataFileError, KeyMismatch
from kyodo_geo.sources.manifest import FOLDERS, count_rows, open_store

PATHS = sorted(fictional.files())


@pytest.fixture
def data(tmp_path):
    """A data folder that a test may break."""
    return fictional.write(tmp_path / "data", fictional.files())


def edit(data, folder, old, new):
    path = data / folder / "SOURCE.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refused(data):
    with pytest.raises(DataFileError) as caught:
        City.load(data)
    assert caught.value.todo
    return str(caught.value)


def test_a_whole_folder_is_read(data):
    store = open_store(data)
    assert {source.file for source in store.sources.values()} == set(PATHS)
    for source in store.sources.values():
        assert store.bytes_of(source.id) == (data / source.file).read_bytes()


@pytest.mark.parametrize("path", PATHS)
def test_one_changed_byte_is_refused_by_name(data, path):
    content = bytearray((data / path).read_bytes())
    content[len(content) // 2] ^= 1
    (data / path).write_bytes(bytes(content))
    message = refused(data)
    assert path in message
    assert "sha256" in message


@pytest.mark.parametrize("path", PATHS)
def test_a_missing_file_is_refused_by_name(data, path):
    (data / path).unlink()
    assert path in refused(data)


def test_a_folder_in_the_place_of_a_file_is_refused_by_name(data):
    (data / PATHS[0]).unlink()
    (data / PATHS[0]).mkdir()
    assert PATHS[0] in refused(data)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_missing_manifest_is_refused_by_name(data, folder):
    (data / folder / "SOURCE.toml").unlink()
    assert f"{folder}/SOURCE.toml" in refused(data)


def test_a_folder_that_is_not_there_names_every_manifest(tmp_path):
    message = refused(tmp_path / "nai")
    assert all(f"{folder}/SOURCE.toml" in message for folder in FOLDERS)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("rows = 7", "rows = 8", "8 行のはずが 7 行"),
        ("publisher = ", "# publisher = ", "「publisher」がありません"),
        ("publisher = ", "publishr = ", "「publishr」"),
        ('basis = "fictional"', 'basis = "certain"', "「certain」"),
        ("[[dataset]]", "[[dataset]", "TOML"),
    ],
)
def test_a_manifest_that_is_not_right_is_refused_with_the_place(data, old, new, words):
    edit(data, "population", old, new)
    message = refused(data)
    assert words in message
    assert "population/" in message


def test_the_faults_of_all_manifests_are_told_at_once(data):
    for folder in FOLDERS:
        edit(data, folder, "licence = ", "# licence = ")
    assert refused(data).count("「licence」がありません") == len(FOLDERS)


def test_a_manifest_in_another_encoding_is_refused(data):
    path = data / "records" / "SOURCE.toml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp932"))
    assert "records/SOURCE.toml" in refused(data)


def test_what_a_dataset_holds_is_counted_by_its_kind():
    assert count_rows("a.csv", b"a,b\n1,2\n\n3,4\n") == 2
    assert count_rows("a.geojson", b'{"features": [{}, {}, {}]}') == 3
    assert count_rows("a.toml", b"a = 1\n[b]\nc = 2\n") == 2


@pytest.mark.parametrize("name", ["management", "council_links", "small_areas"])
def test_tables_that_speak_of_other_districts_are_refused(tmp_path, name):
    content = fictional.files()
    path = fictional.DATASETS[name][0]
    kept = [line for line in content[path].decode().splitlines() if not line.startswith(("4,", "k41"))]
    content[path] = ("\n".join(kept) + "\n").encode()
    with pytest.raises(KeyMismatch, match="足りない: 4"):
        City.load(fictional.write(tmp_path, content))


@pytest.mark.parametrize("name", ["management", "districts", "city", "small_areas"])
def test_a_dataset_that_no_manifest_lists_is_refused(data, name):
    edit(data, fictional.DATASETS[name][0].split("/")[0], f'id = "{name}"', f'id = "{name}x"')
    assert f"「{name}」という資料がありません" in refused(data)


def test_a_dataset_in_single_brackets_is_refused(data):
    (data / "records" / "SOURCE.toml").write_text('[dataset]\nid = "city"\n', encoding="utf-8")
    with pytest.raises(DataFileError, match=r"records/SOURCE\.toml: \[dataset\] ではなく"):
        open_store(data)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("records/city.toml", "lines_note = ", "note = "),
        ("records/city.toml", 'was = "3"', 'from = "3"'),
        ("records/stations.csv", "135.021", "東経135度"),
        ("records/centres.csv", "address", "adress"),
        ("records/management.csv", "2020-04-01", "2020年4月1日"),
        ("records/branches.csv", "架空本町", "架空無町"),
        ("population/census2020.csv", "290", "二九〇"),
        ("population/areas_and_city.csv", "2019-01-01", "2019"),
        ("boundaries/small_areas.csv", "km2", "area_km2"),
        ("boundaries/districts.geojson", '"district":', '"name":'),
    ],
)
def test_a_file_with_the_right_checksum_and_the_wrong_content_is_refused(changed_city, path, old, new):
    with pytest.raises(DataFileError) as caught:
        changed_city({path: (old, new)})
    assert path in str(caught.value)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("records/city.toml", 'was = "3"', 'was = "9"'),
        ("records/city.toml", 'was = "3"', 'was = "5"'),
        ("records/city.toml", "centres_since = 2012-04-01", 'centres_since = "2012-04-01"'),
        ("records/city.toml", "since = 2018-04-01", 'since = "2018-04-01"'),
        ("records/city.toml", "districts_published = 5", 'districts_published = "5"'),
        ("records/management.csv", "2,2012-04-01,start,direct", "2,2012-04-01,start,private"),
        ("records/council_links.csv", ",unknown,", ",unknwon,"),
        ("records/council_links.csv", "3,C3,", "3,C9,"),
        ("boundaries/small_areas.csv", ",high,", ",sure,"),
        ("population/census2020.csv", "k21,,300", "k21,,-300"),
    ],
)
def test_a_value_that_means_nothing_is_refused(changed_city, path, old, new):
    with pytest.raises((DataFileError, KeyMismatch)):
        changed_city({path: (old, new)})
