"""The register of disclosures in a real Chromium: Emil adds a partner, writes a contract, releases a file, stops it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from regulars.connections.postgres.logins import administrator
from regulars.connections.postgres.partners import end_partner_login
from tests.browser import LOOKS, Visitor
from tests.cast import ann, bob, customer, said
from tests.story import shop, wanqing

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Making = Callable[..., Visitor]
PICTURES = os.environ.get("REGULARS_PICTURES", "")


@pytest.fixture
def busy_house(house: None) -> Iterator[None]:
    """Some who granted disclosure and some who did not; the partner's login leaves with the test."""
    wanqing(shop())
    ann(), bob()
    for n in range(12):
        said(customer(f"Person {n}", city="Paris"), "third_party_disclosure", "granted")
    yield
    with psycopg.connect(**administrator(settings.HOME, os.environ), autocommit=True) as connection:
        connection.execute("DROP POLICY IF EXISTS view_partner_acme ON vault.customer")
        end_partner_login(
            connection, schema="partner_acme", login="regulars_partner_acme", owner="regulars_view_partner_acme"
        )


def looked(emil: Visitor, name: str) -> None:
    """The page as it is now has no findings and does not slide; a picture of it where one is wanted."""
    if PICTURES:
        emil.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
    assert emil.findings() == [], name
    assert not emil.slides_sideways(), name


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_from_a_name_to_a_file_and_its_end(
    busy_house: None, visitor: Making, language: str, theme: str, width: int
) -> None:
    emil = visitor(language=language, theme=theme, width=width).comes_in("emil")
    emil.complaints.clear()
    page = emil.goes_to("/privacy/disclosures/")
    looked(emil, f"disclosures-none-{language}-{theme}")
    page.fill("input[name=key]", "acme")
    page.fill("input[name=name]", "Acme Research")
    page.press("input[name=name]", "Enter")
    page.wait_for_url("**/disclosures/acme/")
    looked(emil, f"partner-new-{language}-{theme}")
    page.fill("input[name=ref]", "DPA-7")
    page.fill("input[name=purpose]", "A study of tastes")
    page.fill("textarea[name=promises]", "Nobody is identified; the file is deleted after use.")
    page.select_option("select[name=columns]", ["customer.city", "customer.birth_on", "customer_activity.amount_minor"])
    page.click("form.measure button.go")
    page.wait_for_selector("code:has-text('partner_acme')")
    page.fill("form[action$='/release/'] input[name=because]", "first batch")
    with page.expect_download() as download:
        page.click("form[action$='/release/'] button")
    assert download.value.suggested_filename.startswith("acme-")
    emil.goes_to("/privacy/disclosures/acme/")
    looked(emil, f"partner-{language}-{theme}")
    emil.goes_to("/privacy/disclosures/")
    looked(emil, f"disclosures-{language}-{theme}")
    assert emil.complaints == []
