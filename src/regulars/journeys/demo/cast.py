"""Who is in the demonstration, and what it is called."""

from datetime import date
from typing import Final

from regulars.records.company.access import CompanyFacts
from regulars.rules.permission.asking import Asker

SOURCE: Final = "complete-journey"
LAST_DAY: Final = date(2017, 12, 31)
PASSWORD: Final = "regulars"  # noqa: S105  (shown on the sign-in page of the demonstration, where everybody is invented)
COMPANY: Final = CompanyFacts("Millbrook Market", "禾溪超市", LAST_DAY, "none", "USD", "America/New_York", is_demo=True)
HOUSE: Final = Asker("demonstration", "steward", "standard", "data_care")
OFFICER: Final = Asker("Xu Zhixing", "officer", "personal", "oversight")
#: (sign-in name, name, 中文, roles, language)
STAFF: Final = (
    ("anran", "Qiao Anran", "乔安然", ("marketer", "steward"), "zh-hans"),
    ("zhoumin", "Zhou Min", "周敏", ("service",), "zh-hans"),
    ("zhixing", "Xu Zhixing", "许知行", ("officer",), "zh-hans"),
)
ORDER_COLUMNS: Final = {
    "order_ref": "basket_id", "customer_ref": "household_id", "ordered_at": "transaction_timestamp",
    "product_ref": "product_id", "product_name": "product_type", "department": "department",
    "category": "product_category", "brand": "brand", "quantity": "quantity", "amount": "sales_value",
    "discount": "discount", "branch_ref": "store_id",
}  # fmt: skip
CUSTOMER_COLUMNS: Final = {
    "customer_ref": "household_id",
    "family_name": "family_name",
    "given_name": "given_name",
    "honorific": "honorific",
    "sex": "sex",
    "birth_on": "birth_date",
    "language": "language",
    "phone": "phone",
    "email": "email",
    "street": "street",
    "city": "city",
    "region": "region",
    "postcode": "postcode",
    "country": "country",
    "income_band": "income",
    "household_size": "household_size",
    "marital_status": "marital_status",
    "allergies": "allergies",
    "branch_ref": "store_id",
    "consent_direct_marketing": "consent_direct_marketing",
    "consent_third_party_disclosure": "consent_third_party_disclosure",
    "consent_automated_decision": "consent_automated_decision",
    "consent_sensitive_use": "consent_sensitive_use",
    "consent_email": "consent_email",
    "consent_phone": "consent_phone",
    "consent_letter": "consent_letter",
    "consent_sms": "consent_sms",
}
