"""Words for files on their way in: what columns mean, why a row was set aside and what one can do, what is wrong with
a file.

Codes are those of `rules/intake`, `connections/files` and the journeys of an import; pages and the command line say
them alike.
"""

import re
from collections.abc import Mapping
from typing import Final

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from regulars.desks.shared.words import CHANNELS, Words, say
from regulars.records.own_attributes.access import own_attributes
from regulars.rules.intake.import_settings import named_by
from regulars.rules.intake.meanings import OWN, own_attribute_of

MEANINGS: Final[Words] = {
    "order_ref": _("Order number"),
    "line_ref": _("Line number"),
    "customer_ref": _("Customer number"),
    "ordered_at": _("Day or moment of the order"),
    "ordered_time": _("Time of the order"),
    "product_ref": _("Product number"),
    "product_name": _("Product name"),
    "department": _("Department"),
    "category": _("Category"),
    "brand": _("Brand"),
    "quantity": _("Quantity"),
    "amount": _("Amount of the line"),
    "unit_price": _("Price of one"),
    "discount": _("Discount"),
    "currency": _("Currency"),
    "branch_ref": _("Branch"),
    "promotion_ref": _("Promotion"),
    "name": _("Full name"),
    "given_name": _("Given name"),
    "family_name": _("Family name"),
    "honorific": _("Form of address"),
    "sex": _("Sex"),
    "birth_on": _("Date of birth"),
    "phone": _("Phone number"),
    "email": _("E-mail address"),
    "street": _("Street and house"),
    "house_number": _("House number"),
    "more_of_street": _("Second line of the address"),
    "city": _("City"),
    "region": _("Province or state"),
    "postcode": _("Postcode"),
    "country": _("Country"),
    "language": _("Language"),
    "income_band": _("Income band"),
    "household_size": _("Persons in the household"),
    "marital_status": _("Marital status"),
    "allergies": _("Allergies"),
    "id_document": _("Id document"),
    "household_ref": _("Household number"),
    "company_code": _("Code of the company somebody is a contact of"),
    "company_name": _("Name of that company"),
    "consent_direct_marketing": _("Consent: direct marketing"),
    "consent_third_party_disclosure": _("Consent: disclosure to others"),
    "consent_automated_decision": _("Consent: automated decisions"),
    "consent_sensitive_use": _("Consent: sensitive data"),
    "consent_email": _("Consent: marketing by e-mail"),
    "consent_phone": _("Consent: marketing by phone"),
    "consent_letter": _("Consent: marketing by letter"),
    "consent_sms": _("Consent: marketing by SMS"),
}

#: What a channel leads to.
WAYS: Final[Words] = {
    "phone": MEANINGS["phone"],
    "email": MEANINGS["email"],
    "letter": MEANINGS["street"],
    "sms": CHANNELS["sms"],
}

REASONS: Final[Words] = {
    "missing_order": _("No order number"),
    "missing_customer": _("No customer number"),
    "unreadable_reference": _("No address to know the customer by"),
    "missing_date": _("No date"),
    "missing_amount": _("No amount"),
    "not_a_date": _("Not a date"),
    "date_before_1970": _("Date before 1970"),
    "date_too_early": _("Date of birth before 1900"),
    "date_in_future": _("Date in the future"),
    "not_a_number": _("Not a number"),
    "amount_too_large": _("Amount too large"),
    "quantity_too_large": _("Quantity too large"),
    "other_currency": _("Another currency in the amount"),
    "unknown_currency": _("Unknown currency"),
    "text_too_long": _("Text too long"),
    "control_characters": _("Characters that cannot be printed"),
    "undecodable": _("Damaged characters"),
    "shortened_number": _("Number shortened by a spreadsheet"),
    "duplicate_line": _("The same line twice in the file"),
    "duplicate_customer": _("The same customer twice in the file"),
    "already_ours": _("Our own customer already"),
    "do_not_contact": _("Wants no contact"),
    "wrong_field_count": _("Too many or too few fields"),
    "unclosed_quote": _("A quotation mark that is never closed"),
    "headings_again": _("The headings once more"),
    "line_too_long": _("Line too long"),
    "not_a_phone": _("Not a phone number"),
    "not_an_email": _("Not an e-mail address"),
    "placeholder": _("Typed to fill a form"),
    "masked": _("Hidden by stars"),
    "no_letters": _("A name without a letter"),
    "one_letter": _("A name of one letter"),
    "honorific_only": _("A form of address and no name"),
    "contact_in_name": _("A phone or mail where the name should be"),
    "too_long": _("Longer than anything a person types"),
    "no_such_day": _("A day that does not exist"),
    "day_missing": _("A date without its day"),
    "day_or_month": _("Day and month could be swapped"),
    "lunar_date": _("A day of the lunar calendar"),
    "not_understood": _("Answer not understood"),
    "company_without_code": _("A company without its code"),
    "not_a_company_code": _("Not a company code"),
    "checksum_wrong": _("A number with a wrong digit"),
    "old_company_number": _("A company number of the old kind"),
    "event_no_object": _("Not an event"),
    "event_call_unknown": _("A call nobody knows"),
    "event_without_name": _("An event without a name"),
    "event_without_person": _("An event of nobody"),
    "event_too_large": _("Larger than 32 kB"),
    "event_too_deep": _("Nested too deep"),
    "event_id_unreadable": _("An id that is none"),
    "event_field_unreadable": _("A field of the wrong kind"),
    "event_time_unreadable": _("Not a moment"),
    "event_in_future": _("More than a day in the future"),
    "event_too_old": _("Older than ten years"),
    "refund_of_unknown_order": _("Takes back an order nobody has told"),
}

ADVICE: Final[Words] = {
    "missing_order": _("Fill in the number of the receipt, or leave the column out: then one visit is one order."),
    "missing_customer": _("A row that says of nobody stays out. If the number is known, fill it in."),
    "unreadable_reference": _("Nobody can say whose row it is. Mend the e-mail address or phone number."),
    "missing_date": _("Fill in the day."),
    "missing_amount": _("Was it a gift? Write 0. Else fill in the amount."),
    "not_a_date": _("Write it as 2026-03-12."),
    "date_before_1970": _("Look at the year; two digits may have been misread."),
    "date_too_early": _("Look at the year; two digits may have been misread."),
    "date_in_future": _("Look at the year, or at the clock of the till."),
    "not_a_number": _("Write the number in figures, without words."),
    "amount_too_large": _("Look whether a number of another kind slipped into this column."),
    "quantity_too_large": _("Look whether a number of another kind slipped into this column."),
    "other_currency": _("Bring it in a file of its own, with its own currency."),
    "unknown_currency": _("Write the three letters, such as CNY or EUR."),
    "placeholder": _("Ask the customer, or leave the cell empty."),
    "masked": _("Export the file once more, without hiding anything."),
    "no_letters": _("Look whether the right column was chosen; else leave the cell empty."),
    "one_letter": _("Fill in the whole name."),
    "honorific_only": _("Fill in the name."),
    "contact_in_name": _("Put it into a column of its own."),
    "too_long": _("Look whether the right column was chosen; shorten it if so."),
    "no_such_day": _("Look at day and month."),
    "day_missing": _("Fill in the day."),
    "day_or_month": _("Say above in which order dates stand."),
    "lunar_date": _("Write it as 2026-03-12."),
    "text_too_long": _("Look whether the right column was chosen; shorten it if so."),
    "control_characters": _("Type the cell anew; something unprintable was copied along."),
    "undecodable": _("Export the file once more, as UTF-8."),
    "shortened_number": _("The spreadsheet cut the number. Format the column as text and export it again."),
    "duplicate_line": _("The first one was taken. Give the second its own line number if it is another purchase."),
    "duplicate_customer": _("The first one was taken. Put both rows into one."),
    "already_ours": _("Nothing to do: nothing of the list was taken. Ask the supplier whether it counts."),
    "do_not_contact": _("Nothing to do: the row was not taken, and nothing of it is kept."),
    "wrong_field_count": _("Look for a separator inside a text; put the text in quotation marks."),
    "unclosed_quote": _("Close the quotation mark, or take it away."),
    "headings_again": _("Nothing to do: files were put together, and the row holds nothing."),
    "line_too_long": _("Look for a missing line end."),
    "not_a_phone": _("The customer was taken without it. Mend it and bring the file again."),
    "not_an_email": _("The customer was taken without it. Mend it and bring the file again."),
    "not_understood": _("Counts as unset. Write yes or no and bring the file again."),
    "company_without_code": _(
        "The customer was taken without it: companies of one name are many. Add a column with the code."
    ),
    "not_a_company_code": _(
        "The customer was taken without it. Copy the code from the licence and bring the file again."
    ),
    "checksum_wrong": _("The customer was taken without it. Compare it with the document and bring the file again."),
    "old_company_number": _(
        "The customer was taken without it. Since 2015 companies have a code of eighteen signs: ask for it."
    ),
    "event_no_object": _("The program sends something else between its events."),
    "event_call_unknown": _("A type is one of track, page, screen, identify, group, alias."),
    "event_without_name": _("The program must say what happened, or of which group it speaks."),
    "event_without_person": _("The program must send a userId or an anonymousId."),
    "event_too_large": _("The program must say less in one event."),
    "event_too_deep": _(
        "Objects and lists may lie in each other two hundred times. The program must write them flatter."
    ),
    "event_id_unreadable": _("An id is a text of at most 256 characters, without line ends."),
    "event_field_unreadable": _("The column says which field. Look at what the program sends there."),
    "event_time_unreadable": _("Write it as 2026-03-12T09:30:00Z."),
    "event_in_future": _("Look at the clock of the device or the server that sends them."),
    "event_too_old": _("Look at the clock of the device, or bring history in as a file."),
    "refund_of_unknown_order": _("It waited for its order for a week. Bring the order in, then send this once more."),
}

#: How customers are known where a file has no numbers for them.
KNOWN_BY: Final[Words] = {
    "email": _(
        "The file has no customer numbers, so the e-mail address in “%(column)s” says who it is. It is kept as a way "
        "to reach the customer; as a reference only its keyed digest is, and the next file finds the same customers."
    ),
    "phone": _(
        "The file has no customer numbers, so the phone number in “%(column)s” says who it is. It is kept as a way "
        "to reach the customer; as a reference only its keyed digest is, and the next file finds the same customers."
    ),
}

PROBLEMS: Final[Words] = {
    "one_column": _("The file has only one column. Perhaps the separator was not recognised; you can set it below."),
    "no_header": _("There are no headings: the first row holds data. The columns are numbered."),
    "title_rows": _("%(rows)s rows stand above the headings; they are left out."),
    "same_header_twice": _("These headings stand there twice: %(headers)s. The second one has a number behind it."),
    "header_missing": _("Some columns have no heading; they are numbered."),
    "uneven_rows": _("%(rows)s of the rows looked at do not have %(fields)s fields. They will be set aside."),
    "encoding_guessed": _(
        "The encoding is likely %(encoding)s, not certain. Look at the Chinese or accented letters below."
    ),
    "undecodable": _(
        "Some characters cannot be read as %(encoding)s. Perhaps another encoding is right; you can set it below."
    ),
    "formulas": _(
        "These columns hold formulas: %(columns)s. What counts is the value they had when the file was saved."
    ),
    "too_large_cell": _("Some cells hold more than 10,000 characters; their rows will be set aside."),
    "more_sheets": _("The workbook has more sheets. %(sheet)s is read; you can choose another below."),
    "nested_columns": _("Some columns hold lists; they are read as text."),
}

QUESTIONS: Final[Words] = {
    "date_order_unclear": _("%(example)s in %(column)s: which comes first, day or month? Nothing in the file tells."),
    "date_order_contradictory": _(
        "%(column)s holds dates with the day first and dates with the month first, such as %(example)s."
    ),
    "decimal_mark_unclear": _("%(example)s in %(column)s: does the mark separate thousands or decimals?"),
    "order_number_comes_again": _(
        "Number %(example)s in %(column)s stands for several customers on %(times)s days. Do numbers begin again?"
    ),
    "amount_is_order_total": _(
        "%(column)s holds the total of the order on each of its lines. Price times quantity is taken instead."
    ),
}

MISTAKES: Final[Words] = {
    "not_there": _("There is no file %(name)s."),
    "is_a_folder": _("%(name)s is a folder. Choose a file in it."),
    "not_readable": _("%(name)s cannot be opened: this account may not read it."),
    "compressed": _("%(name)s is an archive. Unpack it first, then bring the file inside."),
    "password": _("%(name)s is locked with a password. Save it without one and bring it again."),
    "document": _("%(name)s is a text document. Save the table in it as CSV or XLSX."),
    "picture": _("%(name)s is a picture. Bring the table it was made from."),
    "not_a_table": _("%(name)s holds no table. CSV, XLSX and Parquet can be read."),
    "damaged": _("%(name)s is damaged: it may not have been copied to its end. Fetch it once more."),
    "sheet_not_there": _("There is no such sheet in %(name)s."),
    "encoding_unknown": _("No encoding is called %(encoding)s. Try UTF-8 or GB18030."),
    "changed_since_look": _("%(name)s has changed since it was looked at. Bring it again."),
    "too_large_unpacked": _("%(name)s unpacks to more than can be read. Save the table as CSV and bring that."),
    "empty": _("%(name)s is empty. Nothing was changed."),
    "only_header": _("%(name)s has headings and no rows. Nothing was changed."),
    "line_too_long": _(
        "No row can be read in the first megabyte of %(name)s: its lines do not end, or it is damaged. Export the "
        "table once more, with one row a line."
    ),
    "column_holds_something_else": _(
        "The column “%(column)s” should say %(meaning)s, and says “%(example)s”. Export the file with its values "
        "instead of formulas, or say which column it is."
    ),
    "no_room_for_file": _("There is no room on the disk for %(name)s. Make room and bring it again."),
    "no_such_column": _("There is no column %(columns)s. The file has: %(known)s."),
    "meaning_missing": _(
        "Without this no row can be taken: %(meanings)s. Say which column it is. The file has: %(headers)s."
    ),
    "columns_only_guessed": _(
        "The file has no headings, so its columns were guessed by what is in them. Look at the guess with a dry run, "
        "then confirm it: %(columns)s"
    ),
    "header_row_unclear": _(
        "%(said)s is no row of headings. Give its number, from 1 to %(most)s, or 0 where the file has no headings."
    ),
    "meaning_twice": _("Two columns cannot both be “%(meaning)s”. Choose one of them."),
    "no_such_kind": _("There are files of orders and files of customers; “%(kind)s” is neither."),
    "kind_unknown": _("There are files of orders and files of customers; “%(kind)s” is neither."),
    "source_missing": _("Say where the file comes from: each source has a name of its own."),
    "meaning_unknown": _("No column can mean %(meanings)s."),
    "date_order_unknown": _("The order of dates is ymd, dmy or mdy, not %(date_order)s."),
    "decimal_mark_unknown": _("The decimal mark is a point or a comma, not %(decimal_mark)s."),
    "currency_unknown": _("No currency is called %(currency)s. Write its three letters, such as CNY or EUR."),
    "zone_unknown": _("No time zone is called %(zone)s. Write it as Asia/Shanghai."),
    "order_within_unknown": _("Order numbers begin again by day or by branch; %(given)s is neither."),
    "column_missing": _("A meaning was given no column."),
    "settings_damaged": _("What was remembered about this source cannot be read. Choose the columns anew."),
    "import_has_begun": _(
        "Import %(import)s has begun; its columns can no longer be changed. Stop it and bring the file anew."
    ),
    "import_under_way": _(
        "Another file of this source is just being brought in. Wait until it is done, then bring this one again."
    ),
    "no_such_import": _("There is no import %(import)s."),
    "no_such_source": _("There is no source %(source)s."),
    "rows_set_aside_are_for_stewards": _("Rows set aside are shown to data stewards and the privacy officer."),
    "disk_full": _(
        "The disk of the database is full. What is written stays. Make room, then go on: nothing is lost or doubled."
    ),
    "database_gone": _(
        "The database went away. What is written stays. Once it runs again, go on: nothing is lost or doubled."
    ),
    "stopped": _("%(who)s stopped it. What is written stays; it can go on from there."),
    "pair_without_sign": _("“%(said)s” should have the form NAME=VALUE."),
    **QUESTIONS,
}

#: What `unique_headers` calls a column without a heading.
UNNAMED: Final = re.compile(r"Column (\d+)")

KINDS: Final[Words] = {
    "orders": pgettext_lazy("kind of file", "Orders"),
    "customers": pgettext_lazy("kind of file", "Customers"),
}

STATES: Final[Words] = {
    "looking": pgettext_lazy("import", "to be confirmed"),
    "waiting": pgettext_lazy("import", "waiting its turn"),
    "running": pgettext_lazy("import", "under way"),
    "finished": pgettext_lazy("import", "done"),
    "open": pgettext_lazy("import", "events of today"),
    "stopped": pgettext_lazy("import", "stopped"),
    "failed": pgettext_lazy("import", "broken off"),
}


def heading_words(heading: str) -> str:
    """The heading as people read it: a column without one goes by its place."""
    unnamed = UNNAMED.fullmatch(heading)
    return str(_("Column %(n)s")) % {"n": unnamed[1]} if unnamed else heading


def known_by_words(columns: Mapping[str, str]) -> str:
    """How customers are known where a file (meaning → heading) has no numbers for them; empty where it has."""
    kind = named_by(columns)
    return say(KNOWN_BY, kind) % {"column": heading_words(columns[kind])} if kind else ""


def meaning_words(meaning: str) -> str:
    """What a column stands for, in words; an own attribute by its label."""
    key = own_attribute_of(meaning)
    if not key:
        return say(MEANINGS, meaning)
    return dict(own_meanings()).get(meaning, key)


def own_meanings() -> list[tuple[str, str]]:
    """The company's own attributes as meanings of columns, with their labels."""
    language = get_language() or "en"
    return [(OWN + one.what.key, one.what.label_in(language)) for one in own_attributes()]
