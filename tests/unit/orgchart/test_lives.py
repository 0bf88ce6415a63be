"""What was closed and founded again keeps its key: it has two lives, each with what held then."""

import json
from datetime import date

from cupola.folder import parse
from cupola.orgchart import Answer
from cupola.orgchart.reading import read_jurisdiction
from cupola.orgchart.writing import write_jurisdiction

DOCUMENT = {
    "key": "springfield",
    "name": "Springfield",
    "sources": {"law": {"title": "Ordinance 1"}},
    "offices": {
        "lab": {
            "name": "Lab",
            "since": "2010",
            "until": "2014-03-01",
            "sources": "law",
            "facts": [{"budget": 100, "since": "2012", "sources": "law"}],
            "again": {
                "name": "New Lab",
                "since": "2020-05-01",
                "sources": "law",
                "facts": [{"budget": 250, "since": "2021", "sources": "law"}],
            },
        }
    },
}


def test_two_lives_are_read_asked_and_written_back() -> None:
    one = read_jurisdiction(parse("structure", DOCUMENT).fields())
    charts = {year: one.history.on(date(year, 7, 1)) for year in (2009, 2013, 2016, 2022)}
    assert {year: chart.exists("lab") for year, chart in charts.items()} == {
        2009: Answer.NO,
        2013: Answer.YES,
        2016: Answer.NO,
        2022: Answer.YES,
    }
    assert [charts[year].value("lab", "name") for year in (2013, 2022)] == ["Lab", "New Lab"]
    assert [charts[year].value("lab", "budget") for year in (2013, 2022)] == [100, 250]
    assert all(chart == one.history.replay(chart.day) for chart in charts.values())
    written = json.loads(json.dumps(write_jurisdiction(one)))
    again = read_jurisdiction(parse("structure", written).fields())
    assert set(again.history.facts) == set(one.history.facts)
