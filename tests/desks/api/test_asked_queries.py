"""A misspelt filter is told, not left out."""

import pytest
from django.test import Client

from tests.desks.api.programs import program

pytestmark = pytest.mark.usefixtures("house")


@pytest.mark.parametrize(
    "path", ["tasks?kind=lapse&onwer=1", "me?verbose=1", "access-log?alowed=false", "segments?limit=1&¥=2"]
)
def test_a_name_nobody_knows_is_refused_and_named(path: str) -> None:
    officer = program("officer" if path.startswith(("access-log", "me")) else "marketer")
    answer = Client().get(
        f"/api/{path}", headers={"Authorization": f"Bearer {officer.secret}", "Accept-Language": "zh"}
    )
    assert answer.status_code == 422
    assert answer.json()["values"]["details"][0]["kind"] == "unknown_parameter"
    assert "这里没有这个参数" in answer.json()["sentence"]


def test_without_a_token_nothing_is_told_about_names() -> None:
    assert Client().get("/api/tasks?onwer=1").status_code == 401
