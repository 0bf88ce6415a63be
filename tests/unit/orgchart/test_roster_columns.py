"""Which column of a roster or budget means what, told from the headers real cities write."""

import pytest

from cupola.orgchart.rosters import ColumnsNotFound, budget_columns, roster_columns


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "Position Title,Department,Employee Annual Salary",
            {"title": "Position Title", "department": "Department", "annual": "Employee Annual Salary"},
        ),
        (
            "Job Titles,Department,Full or Part-Time,Salary or Hourly,Typical Hours,Annual Salary,Hourly Rate",
            {
                "title": "Job Titles",
                "department": "Department",
                "annual": "Annual Salary",
                "hourly": "Hourly Rate",
                "hours": "Typical Hours",
                "basis": "Full or Part-Time",
            },
        ),
        (
            "DEPARTMENT_NAME,TITLE, REGULAR , RETRO ,TOTAL EARNINGS,POSTAL",
            {"department": "DEPARTMENT_NAME", "title": "TITLE", "earned": "TOTAL EARNINGS"},
        ),
        (
            "JOBTITLE,DEPTID,DESCR,HIRE_DT,ANNUAL_RT,Gross",
            {"title": "JOBTITLE", "department": "DESCR", "annual": "ANNUAL_RT", "earned": "Gross"},
        ),
        (
            "Year Type,Year,Department Code,Department,Job Code,Job,Salaries,Total Salary",
            {"title": "Job", "department": "Department", "earned": "Total Salary", "period": "Year"},
        ),
    ],
)
def test_headers_of_five_cities_are_told(header: str, expected: dict[str, str]) -> None:
    found = roster_columns(header.split(","))
    assert {role: name for role, name in vars(found).items() if name} == expected


def test_of_yearly_amounts_the_latest_is_taken() -> None:
    header = "Cabinet,Dept,Program,Expense Category,FY22 Actual Expense,FY24 Appropriation,FY25 Budget"
    found = budget_columns(header.split(","))
    assert (found.department, found.account, found.program, found.amount) == (
        "Dept",
        "Expense Category",
        "Program",
        "FY25 Budget",
    )


def test_a_table_that_is_no_roster_says_in_one_sentence_what_it_needs() -> None:
    with pytest.raises(ColumnsNotFound, match=r"Not found: department and title.*--roster-column department=NAME"):
        roster_columns(["Street", "House"])
    with pytest.raises(ColumnsNotFound, match="Not found: amount"):
        budget_columns(["Department", "Account"])


def test_what_a_person_names_comes_before_every_guess() -> None:
    found = roster_columns(["Title", "Class", "Dept"], said={"title": "Class"})
    assert (found.title, found.department) == ("Class", "Dept")


def test_positions_counted_by_department_need_no_title() -> None:
    assert roster_columns(["Department", "Positions"]).posts == "Positions"
