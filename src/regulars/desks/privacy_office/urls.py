"""Addresses of the privacy office."""

from typing import Final

from django.urls import path

from regulars.desks.privacy_office import (
    check_pages,
    choice_pages,
    dictionary_pages,
    disclosure_pages,
    evidence_pages,
    log_pages,
    login_pages,
    not_to_contact_pages,
    overview_pages,
    people_pages,
    reach_pages,
    reading_pages,
    report_pages,
    statement_pages,
)

app_name = "privacy_office"
urlpatterns: Final = [
    path("", overview_pages.overview, name="overview"),
    path("dictionary/", dictionary_pages.dictionary, name="dictionary"),
    path("reach/", reach_pages.reach, name="reach"),
    path("reach/<slug:view>/", reach_pages.view, name="view"),
    path("log/", log_pages.log, name="log"),
    path("checks/", check_pages.checks, name="checks"),
    path("checks/now/", check_pages.check_now, name="check_now"),
    path("checks/back/", check_pages.take_back, name="take_back"),
    path("evidence/", evidence_pages.evidence, name="evidence"),
    path("evidence/verify/", evidence_pages.verify_now, name="verify_log"),
    path("evidence/bundle/", evidence_pages.bundle, name="bundle"),
    path("reports/", report_pages.reports, name="reports"),
    path("reports/model/", report_pages.model, name="model"),
    path("choices/", choice_pages.choices, name="choices"),
    path("choices/subjects/", choice_pages.name_one, name="name_subject"),
    path("choices/subjects/<str:kind>/<slug:key>/end/", choice_pages.end_one, name="end_subject"),
    path("choices/list/", not_to_contact_pages.bring_list, name="not_to_contact"),
    path("disclosures/", disclosure_pages.disclosures, name="disclosures"),
    path("disclosures/new/", disclosure_pages.new_partner, name="new_partner"),
    path("disclosures/bought/", disclosure_pages.new_bought, name="new_bought"),
    path("disclosures/<slug:key>/", disclosure_pages.partner, name="partner"),
    path("disclosures/<slug:key>/contract/", disclosure_pages.new_contract, name="new_contract"),
    path("disclosures/<slug:key>/stop/", disclosure_pages.end_contract, name="end_contract"),
    path("disclosures/<slug:key>/release/", disclosure_pages.release_now, name="release"),
    path("statement/", statement_pages.statement, name="statement"),
    path("statement/publish/", statement_pages.publish_now, name="publish"),
    path("readings/", reading_pages.readings, name="readings"),
    path("readings/<int:alarm_id>/", reading_pages.answer, name="answer_alarm"),
    path("people/", people_pages.people, name="people"),
    path("people/asked/", people_pages.ask, name="ask_factor"),
    path("people/<str:username>/reset/", people_pages.reset, name="reset_factors"),
    path("logins/", login_pages.logins, name="logins"),
    path("logins/sql/", login_pages.give_sql, name="give_sql"),
    path("logins/sql/<slug:role>/end/", login_pages.end_sql, name="end_sql"),
    path("logins/tokens/", login_pages.give_token, name="give_token"),
    path("logins/tokens/<int:token_id>/end/", login_pages.end_token_now, name="end_token"),
]
