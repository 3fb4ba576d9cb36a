"""Every mistake and refusal in words: what is, why, what to do. One mapping per subject, one code once.

Codes are those of `BadInput`, `Denied`, `NotThere` and of files that cannot be read; `mistakes.py` fills in the values.
"""

from typing import Final

from django.utils.translation import gettext_lazy as _

from regulars.desks.shared import intake_words, merging_words, source_words, watching_words
from regulars.desks.shared.words import Words

#: Refused: the view, role or assignment does not give it.
WHO_MAY: Final[Words] = {
    "segments_are_for_marketers": _(
        "Segments are changed by marketing. Ask one of them, or look and leave it as it is."
    ),
    "page_of_another_role": _(
        "This page is made for another role (%(roles)s). The request has been logged. If you need it for your "
        "work, ask the privacy officer."
    ),
    "customer_of_another_branch": _(
        "This customer belongs to another branch, so the record is not shown to you. Ask that branch, or the "
        "privacy officer."
    ),
    "recognising_not_for_view": _(
        "Customers are recognised by those who serve them and those who care for their records. The request has been "
        "logged."
    ),
    "nothing_told": _("Nothing was said that anybody could be recognised by. A name, a phone or a number will do."),
    "choices_not_for_this_role": _(
        "Choices are written down by the customer herself and by those who serve her. Pass it on to service."
    ),
    "groups_not_for_this_role": _(
        "Households and accounts are kept by service and the data steward; marketing and the privacy officer look."
    ),
    "quality_not_for_this_role": _("Quality of the data is looked at by the data steward and the privacy officer."),
    "write_keys_are_the_stewards": _("Write keys of streams are the data steward's. Ask there."),
    "tables_are_the_stewards": _("Tables of other databases are the data steward's. Ask there."),
    "event_rules_are_the_stewards": _("Rules on events are the data steward's. Ask there."),
    "retention_is_the_officers": _("How long things are kept is the privacy officer's to say."),
    "texts_are_the_officers": _("Flagged texts are read and decided about by the privacy officer."),
    "attributes_not_for_this_role": _(
        "Own attributes are added by the data steward and classed by the privacy officer. Ask one of them."
    ),
    "filling_not_for_this_role": _(
        "Values are written by service, the data steward and the privacy officer. Pass it on."
    ),
    "originals_not_for_this_role": _("Only the privacy officer looks at values as they came."),
    "contact_not_for_this_role": _(
        "Phone numbers and addresses are opened by service and by the privacy officer, for a case. Ask one of "
        "them to make the contact."
    ),
    "serving_not_for_this_role": _(
        "Visits, complaints and tasks are noted by those who serve the customer. Pass it on to service."
    ),
    "portal_link_not_for_this_role": _(
        "Links to a customer's own page are given by service and by the privacy officer. Ask one of them."
    ),
    "log_is_for_the_officer": _(
        "The log of who looked is read by the privacy officer. Ask there what you need to know."
    ),
    "statistics_are_for_the_officer": _("How all customers have chosen is shown to the privacy officer only."),
    "side_by_side_is_for_the_officer": _("The views side by side are shown to the privacy officer only."),
    "logins_are_the_officers": _("Database logins are given and taken away by the privacy officer."),
    "tokens_are_the_officers": _("Tokens for programs are given and taken away by the privacy officer."),
    "house_is_older": _(
        "This house is older than the program, so nothing was written. Bring it up to date first: regulars start"
    ),
    "bundles_are_the_officers": _("Evidence for an auditor is written and handed over by the privacy officer."),
    "erasing_is_for_the_officer": _("Customers are erased by the privacy officer. Pass it on there."),
    "own_files_are_the_officers": _("A customer's take-along file is brought in by the privacy officer."),
    "own_file_unknown": _("This is no take-along file of a customer. It is the JSON file from her own page."),
    "keys_are_the_officers": _("The master keys are the privacy officer's and the administrator's affair."),
    "erasure_not_there": _("Nobody of that number was erased here."),
    "master_unknown": _("There is no master key %(version)s."),
    "master_still_locks": _(
        "Master key %(version)s still locks customers' keys. Finish the rotation first: regulars keys rotate."
    ),
    "statements_are_the_officers": _("The privacy statement is published by the privacy officer."),
    "drift_is_the_officers": _("Changes to rights and views are taken back by the privacy officer."),
    "token_for_another_purpose": _(
        "This token is for another purpose (%(purpose)s, through the %(view)s), so nothing is handed out. The "
        "request has been logged. Ask the privacy officer for a token for this purpose."
    ),
    "role_not_for_this": _(
        "This is done by another role (%(roles)s). The request has been logged. Ask somebody in that role, or the "
        "privacy officer."
    ),
    "reading_stopped": _(
        "You have opened far more than is usual for you, so for now nothing more is shown. The privacy officer knows "
        "and can release you: say what you are working on."
    ),
    "seat_not_yours": _(
        "You have no seat as %(roles)s here. Say --role %(yours_code)s where the command takes it, or ask somebody who "
        "has that seat. Yours: %(yours)s."
    ),
    "say_who_you_are": _(
        "Nobody does this without a name. Say who you are: regulars sign-in NAME. Work nobody sits at shows the token "
        "of a program: REGULARS_TOKEN_FILE."
    ),
    "sign_in_ended": _("Your sign-in at this terminal has ended. Sign in again: regulars sign-in NAME."),
    "set_up_at_console": _("Your role needs a second step. Sign in at the console once and set it up, then come back."),
    "ticket_not_private": _("Others can read or write %(name)s, so it is not taken. Make it your own: chmod 600."),
    "token_unknown": _("The token in REGULARS_TOKEN_FILE opens nothing. Ask the privacy officer for a new one."),
    "name_or_password_wrong": _("This name and password do not belong together. Check both and try again."),
    "code_wrong": _("This code does not fit, or has been used. Wait for the next one and type that."),
    "username_taken": _("%(username)s works here already. Change her seats on her own page."),
    "nobody_could_sign_in": _("No privacy officer has a seat yet. Hire one first: regulars staff hire."),
    "not_about_oneself": _("This is about yourself, so somebody else decides it. Ask another officer."),
    "too_many_tries": _(
        "Too many wrong tries. For %(seconds)s seconds nothing is looked at; then try again. If it was not you, tell "
        "the privacy officer."
    ),
    "second_factor_is_asked": _("Your role asks for a second step at sign-in, so it cannot be taken away."),
    "do_not_contact_not_for_this_role": _(
        "Lists of people who want no contact are taken in by the privacy officer and the data steward. Pass it on."
    ),
    "disclosures_are_the_officers": _(
        "The register of disclosures, and whatever goes to partners, is the privacy officer's. Ask there."
    ),
    "no_contract_runs": _(
        "No contract with “%(partner)s” runs today, so nothing leaves. The privacy office keeps the register."
    ),
    "subjects_are_the_officers": _("Brands and topics that can be taken out are named by the privacy officer."),
    "files_are_for_marketers": _(
        "Lists of people are taken out as files by marketing and by the privacy officer. Ask one of them."
    ),
}

#: Orders taken by hand, and whoever is taken in with one.
ORDERS: Final[Words] = {
    "orders_not_for_this_role": _("Orders are taken by those who serve customers. The request has been logged."),
    "order_empty": _("Nothing is in the order yet. Add an article."),
    "order_too_long": _("That is more than one order can hold. Make two of it."),
    "order_line_unclear": _(
        "Line %(line)s cannot be booked as it stands: it needs a quantity and a price, and no more off than it costs."
    ),
    "order_channel_unknown": _("“%(value)s” is no way an order comes. Known are counter, phone and web."),
    "order_without_branch": _("Say at which branch the order is taken."),
    "branch_not_yours": _("You take no orders at that branch. Choose one of your own."),
    "product_unknown": _("There is no article of number %(product)s. Look for it by its name."),
    "return_of_what": _(
        "Goods come back from an order of somebody we know. Choose the customer first, then which order they come from."
    ),
    "return_of_too_much": _("More comes back than is left of order %(order)s. Look at the quantities."),
    "refund_of_too_much": _(
        "More would be given back than was paid: of order %(order)s at most %(left)s is left for this product."
    ),
    "nothing_to_return": _("Nothing is left of order %(order)s that could come back."),
    "new_customer_nameless": _("Say who it is: a name, a phone number or an e-mail will do."),
    "new_customer_unusable": _(
        "Something of what was typed cannot be used: %(fields)s. Correct it, or leave it empty."
    ),
    "perhaps_known": _(
        "This is almost certainly somebody we know. Choose her, or say that you have looked and it is somebody else."
    ),
    "choice_unclear": _("“%(value)s” is no answer to a question about her data: granted or denied."),
    "too_many_drafts": _("You have %(most)s orders begun and not taken. Take or leave some of them first."),
    "draft_too_large": _("This order holds more than can be kept. Make two of it."),
    "draft_not_there": _("There is no such order of yours. Perhaps it was left, or forgotten after a week."),
    "order_not_open": _("There is no such order waiting for you to hand it over. Reload the list."),
}

#: The company's codes, preferences, calls.
CODES: Final[Words] = {
    "codes_are_the_stewards": _("Codes are kept by the data steward. Ask there."),
    "code_kind_unknown": _("There are no codes for “%(kind)s”. Known are preference, complaint and call."),
    "code_key_unfit": _("“%(key)s” cannot be a code: small letters, digits and hyphens, at most 32."),
    "code_label_unfit": _("A code needs a name in English and in Chinese, each of at most %(most)s characters."),
    "code_days_swapped": _("A code cannot end before it begins."),
    "code_taken": _("There is a code “%(key)s” already."),
    "code_not_there": _("There is no such code. Reload the list."),
    "code_parent_unknown": _("There is no code “%(key)s” to lie beneath."),
    "code_parent_circle": _("A code cannot lie beneath itself, nor deeper than %(most)s levels: “%(key)s”."),
    "code_merge_unclear": _("It cannot be merged into “%(key)s”: choose another code of the same kind."),
    "code_merge_circle": _("“%(key)s” was merged into this one already."),
    "code_not_valid": _("“%(value)s” is no code that may be used today. Choose one of the list."),
    "complaint_severity_unknown": _("How grave it is, is one of 1 to 3."),
    "preference_not_there": _("This customer has no such preference, or it has ended."),
    "calls_not_for_this_role": _("Calls are taken by those who serve customers. The request has been logged."),
    "call_not_there": _("There is no such call for you. Perhaps somebody else has taken it."),
}

#: Absent or hidden: the two are told in the same words.
NOT_THERE: Final[Words] = {
    "customer_not_there": _("There is no customer of that number for you. Look at the number, or search by name."),
    "contact_point_not_there": _("The customer has no such phone number or address on record."),
    "contact_not_there": _("There is no such contact on this page."),
    "order_not_there": _("This customer has no such order."),
    "complaint_not_there": _("This customer has no such complaint."),
    "complaint_not_open": _(
        "This complaint is not open, or not this customer's. Reload the card to see how it stands."
    ),
    "task_not_open": _("There is no such open task for you. Somebody may have closed it; reload the list."),
    "no_such_segment": _("There is no segment called %(key)s. The list of segments shows their names."),
    "no_such_campaign": _("There is no campaign called %(key)s. The list of campaigns shows their names."),
    "statement_not_there": _("No privacy statement has been published yet. Ask the shop for it."),
    "link_closed": _("This link is no longer open. Ask the shop for a new one."),
    "link_not_ours": _("This link is not complete. Open it once more from the mail, or ask the shop."),
    "example_person": _("There is no invented customer of number %(number)s to show the views on."),
    "view": _("There is no view called %(name)s."),
    "sql_login": _("No login called %(name)s is working. The list of logins shows which are."),
    "passkey_not_there": _("This passkey has been taken away already."),
    "alarm_not_there": _("This alarm has been answered already."),
    "session_not_there": _("This sign-in has ended already."),
    "staff_not_there": _("Nobody works here under this name. The list of staff shows the names."),
    "api_token": _("This token has ended already, or never was."),
    "no_such_event_rule": _("This rule has ended already, or never was."),
    "no_such_table": _("No table of the name %(name)s is read."),
    "no_such_webhook": _("This webhook has ended already, or never was."),
    "no_such_write_key": _("This write key has ended already, or never was."),
    "no_such_list": _("There is no such list. Go back and choose one."),
}

#: What was typed into a form, a command or a program cannot be used.
TYPED: Final[Words] = {
    "token_name_taken": _(
        "A program that works already is called %(name)s. Choose another name, so that logs tell the two apart."
    ),
    "nothing_said": _("Nothing was entered for %(field)s. Say it in a few words."),
    "said_too_much": _("The text for %(field)s is longer than %(most)s characters. Make it shorter."),
    "unprintable": _("The text for %(field)s holds a character that cannot be kept. Type it again by hand."),
    "moment_unclear": _("The moment in %(moment)s is not one. Write it like 2026-03-12T09:30+08:00."),
    "month_unclear": _("%(month)s is not a month. Write it like 2026-03."),
    "hours_unclear": _("The quiet hours are not clear. Choose both a beginning and an end, full hours from 0 to 24."),
    "list_unknown": _("There is no list called %(list)s. There are: due, bought, within_grace, lapsed."),
    "bucket_place_unknown": _("The bucket has no place called %(place)s. There are: gained, won_back, kept, lapsed."),
    "cuts_not_readable": _(
        "The cut points %(said)s cannot be read. Give three times four numbers that do not fall, as in "
        "30,90,180,365/1,2,4,9/20000,50000,100000,300000 (days / orders / minor units)."
    ),
    "not_keepable": _(
        "What was typed holds a character or a number that cannot be kept, as pasted text sometimes does. "
        "Nothing has been changed. Type it anew."
    ),
    "broken_off_on_the_way": _("It did not arrive whole. Nothing has been changed; send it again."),
    "request_not_readable": _("The request cannot be read: %(details)s. Nothing has been changed."),
    "idempotency_key_reused": _(
        "The Idempotency-Key %(key)s came with another request before. Use a new key for a new request."
    ),
    "idempotency_key_unfit": _("An Idempotency-Key has 1 to 100 printable characters without spaces."),
    "still_under_way": _(
        "The same request is still being worked on. Ask again in a moment with the same Idempotency-Key."
    ),
    "file_not_there": _("There is no file %(file)s. Look at the path after the @."),
    "file_not_text": _("%(file)s is not text in UTF-8. Save it as UTF-8, then try again."),
    "not_a_file": _("%(file)s is no ordinary file. Name one in a folder of yours."),
    "task_number_unclear": _("%(task)s is no task. Write it as T-12."),
}

#: What a customer allows.
CHOICES: Final[Words] = {
    "choice_purpose_unknown": _(
        "There is no purpose called %(purpose)s. There are: direct_marketing, third_party_disclosure, "
        "automated_decision, sensitive_use."
    ),
    "choice_channel_unknown": _("There is no channel called %(channel)s. There are: email, phone, letter, sms."),
    "retention_rule_not_there": _("There is no rule called %(rule)s. The list of rules shows them all."),
    "text_not_flagged": _("No text of this number waits for a decision."),
    "text_decision_unknown": _("%(decision)s is no decision: accept, redact or move."),
    "attribute_not_there": _("There is no attribute called %(attribute)s. The list of own attributes shows them all."),
    "attribute_not_in_lists": _(
        "%(attribute)s cannot be a column of your list: it is not there, your view does not show it, or it is kept "
        "sealed and read one customer at a time."
    ),
    "list_columns_too_many": _("A list has at most %(most)s columns of own attributes."),
    "attribute_key_unclear": _(
        "%(attribute)s cannot be a key. Use small Latin letters, digits and _, beginning with a letter, two at least."
    ),
    "attribute_key_taken": _("There was an attribute called %(attribute)s already. Choose another key."),
    "attribute_kind_unknown": _("There is no kind %(kind)s: text, number, money, date, yes_no, choice."),
    "attribute_label_missing": _("Say what it is called, in English and in Chinese."),
    "attribute_choices_unclear": _(
        "The choices of %(attribute)s are not clear. A choice wants some, each once: key=English/中文; "
        "other kinds have none."
    ),
    "attribute_class_unknown": _("There is no class %(class)s."),
    "attribute_category_unknown": _("fideslang 3.1.4 has no category %(category)s."),
    "attribute_purposes_missing": _("Say what %(attribute)s may serve; what serves nothing should not be kept."),
    "attribute_purposes_unknown": _("There is no such purpose: %(purposes)s."),
    "attribute_coarsening_unfit": _("A value of this kind (%(kind)s) cannot be shown so: %(coarsening)s."),
    "attribute_must_be_gone": _(
        "What is %(class)s must be gone where people have no names. Choose “gone” for analysis."
    ),
    "attribute_sealed_not_coarse": _(
        "What is %(class)s lies sealed and cannot be shown roughly. Choose “keep” or “gone”."
    ),
    "attribute_sensitive_purposes": _(
        "Something sensitive may serve only service, oversight and its own use; take out: %(purposes)s."
    ),
    "attribute_value_unclear": _("This is no value of %(attribute)s (%(kind)s)."),
    "keep_unclear": _(
        "%(keep)s cannot be understood. Write “as long as the customer”, or “730 days after” one of: %(anchors)s."
    ),
    "partner_unclear": _(
        "A partner wants a key of small Latin letters, digits and _ (“%(partner)s” is none), and a name."
    ),
    "partner_taken": _("There is a partner “%(partner)s” already. Choose another key."),
    "no_such_partner": _("There is no partner “%(partner)s”."),
    "no_such_contract": _("No contract stands for “%(contract)s”."),
    "partner_field_unclear": _(
        "“%(field)s” names no column. Write table and column, such as customer.city, or customer.city:exact."
    ),
    "partner_field_never_leaves": _(
        "%(field)s never leaves: contacts, documents, sensitive data, choices and keys that link stay in the house."
    ),
    "partner_field_only_exact": _(
        "%(field)s has no coarse form. Leave it out, or name it with :exact if the contract says so."
    ),
    "contract_says_too_little": _(
        "A contract wants a reference, a purpose, a permission, promises, and counts of two or more."
    ),
    "contract_ends_before_it_begins": _("The contract would end (%(until)s) before it begins (%(from)s)."),
    "contract_stands_already": _("A contract stands with this partner. Stop it before another takes its place."),
    "table_not_in_contract": _("The contract names no column of %(table)s."),
    "release_kind_unknown": _("%(kind)s is no kind of file. There are: csv, parquet."),
    "release_wants_a_reason": _("Say why this leaves; it stands in the register."),
    "cube_dimensions": _("Count by one column at least, and by %(most)s at most."),
    "cube_column_twice": _("A column can be counted by once only. Choose how coarse."),
    "cube_measure_unknown": _("Only orders and money can be summed up (not %(measure)s). People are always counted."),
    "cube_ends_before_it_begins": _("The orders would end (%(until)s) before they begin (%(from)s)."),
    "cube_never_counts_by": _(
        "Nobody is counted by %(field)s: names, numbers, contacts, documents and sensitive data tell too much, and "
        "what is not classed is nowhere."
    ),
    "cube_too_fine": _(
        "%(field)s is counted no finer than the dictionary says. Leave the end out, or name a coarser one."
    ),
    "cube_only_unclear": _("“%(only)s” cannot be understood. Write a column and its values: customer.city=Lyon|Nice."),
    "cube_too_many_cells": _("This would be more than %(most)s cells. Count by fewer columns, or coarser."),
    "cube_says_too_little": _("A declaration wants a name, a reason, and a protection of 1 to 100 per cent."),
    "cube_declared_already": _("“%(cube)s” says the same already. Release that one."),
    "no_such_cube": _("No declaration %(cube)s stands for this partner."),
    "figures_left_already": _(
        "Figures have gone to “%(partner)s”. Laid beside rows they would tell what was withheld, so it gets no rows."
    ),
    "rows_may_leave": _(
        "“%(partner)s” may have rows, or had them. Whoever has rows can subtract them from figures, so it gets none."
    ),
    "extract_columns": _("An extract has one known column at least, and %(most)s at most."),
    "extract_column_twice": _("A column can stand in an extract once, and of a place the finest says the wider ones."),
    "extract_known_to_nobody": _(
        "%(field)s is on no list outside. What somebody bought or is worth can only be the confidential column, and "
        "there is one: who knew one of somebody would read the other."
    ),
    "extract_asks_too_little": _(
        "Ask for 2 to %(variety)s different values, shares within 1 to 100 per cent, and at most %(most)s rows in a "
        "hundred left out."
    ),
    "extract_impossible": _(
        "However coarse the columns are made, no class is fit: fewer than %(least)s people said yes, or in the "
        "confidential column they are too much alike."
    ),
    "extract_says_too_little": _("An extract wants a name and a reason."),
    "extract_is_fixed": _(
        "This partner has its extract. Another one, laid beside it, would cut its classes into smaller ones."
    ),
    "extract_moved_by_too_few": _(
        "Since its last file no class changed by %(least)s people who differ, so there is nothing to hand out yet."
    ),
    "extract_left_already": _(
        "“%(partner)s” has an anonymous extract. Laid beside rows or figures it would tell what was withheld."
    ),
    "figures_beside_extract": _(
        "Figures have gone to “%(partner)s”. Laid beside an extract they would tell what was withheld."
    ),
    "no_such_extract": _("No extract stands for this partner."),
    "too_many_to_recheck": _("Ask about %(most)s at a time."),
    "bought_says_too_little": _("Say what was bought, and under which permission of the people in it."),
    "file_unreadable": _("“%(name)s” cannot be read as a table (%(why)s). Bring it as CSV, XLSX or Parquet."),
    "choice_exception_not_for_purpose": _(
        "Brands and topics can be taken out of direct marketing and of passing data on; %(purpose)s is allowed or "
        "refused as a whole."
    ),
    "choice_subject_unknown": _(
        "There is no %(kind)s called “%(key)s” that can be taken out. The privacy office lists them."
    ),
    "choice_subject_unclear": _(
        "A brand or topic wants a key of small Latin letters, digits and hyphens (“%(key)s” is none), and a name."
    ),
    "choice_subject_taken": _("There is a %(kind)s called “%(key)s” already. Choose another key."),
    "choice_channel_only_for_marketing": _(
        "Only direct marketing is chosen channel by channel. Leave the channel out."
    ),
    "choice_value_unknown": _("%(value)s is no choice. There are: granted, denied, unset."),
    "choice_source_unknown": _(
        "%(source)s is no way a choice reaches us. There are: portal, counter, phone, unsubscribe, import, reply, "
        "browser_signal, officer."
    ),
}

#: Tasks, complaints, contacts, notes about one customer.
SERVING: Final[Words] = {
    "contact_channel_unknown": _("There is no channel called %(channel)s. There are: email, phone, letter, sms."),
    "contact_without_zone": _(
        "The moment %(at)s has no time zone, so nobody knows whether it is night there. Add one, as in +08:00."
    ),
    "contact_reason_unknown": _("%(reason)s is no reason to open a contact. There are: complaint, task, order."),
    "case_not_theirs": _(
        "%(reference)s is no case of this customer. Name a complaint (K-…), a task (T-…) or an order number of theirs."
    ),
    "task_kind_unknown": _(
        "There is no kind of task called %(kind)s. There are: lapse, complaint, call_back, order_ready, "
        "correction, erasure, other."
    ),
    "task_open_already": _("The customer has an open task of this kind already. Close that one first."),
    "task_outcome_unknown": _(
        "A task does not end with %(outcome)s. There are: reached, not_reached, comes_back, not_interested, done, "
        "not_needed."
    ),
    "touchpoint_kind_unknown": _("%(value)s is no kind of meeting that can be noted."),
    "touchpoint_channel_unknown": _("%(value)s is no way customers meet us."),
    "complaint_outcome_unknown": _("A complaint does not end with %(value)s. Choose one from the list."),
}

#: What else can be wrong with a file; the rest stands in `intake_words.py`.
FILES: Final[Words] = {
    "import_not_startable": _(
        "Import %(import)s is %(state)s and cannot be started. The list of imports shows how it stands."
    ),
    "import_not_under_way": _("Import %(import)s is not under way, so there is nothing to stop."),
    "columns_missing": _(
        "The file has no column %(columns)s. A file of answers needs customer, at and ref; kind and amount_minor "
        "may be there."
    ),
    "answer_kind_unknown": _("Row %(row)s: %(kind)s is no kind of answer. There are: %(known)s. Nothing was recorded."),
    "answer_not_readable": _(
        "Row %(row)s cannot be read: %(reason)s. Moments are written like 2026-03-12T09:30+08:00, amounts in "
        "minor units. Nothing was recorded."
    ),
}

#: Batches of events; a single event that is set aside says why by the reasons of intake_words.
STREAMS: Final[Words] = {
    "event_set_aside": _("This event cannot be kept: %(reason)s %(field)s"),
    "event_batch_unreadable": _("A batch is JSON with a list of events under “batch”."),
    "event_batch_too_long": _("At most %(most)s events may come in one batch."),
    "table_name_taken": _("A table of the name %(name)s is or was read already."),
    "table_needs_lines": _(
        "Rows of one order may come at different times: say which column numbers its lines (--column line_ref=…)."
    ),
    "look_back_unfit": _("A table looks back by whole hours, from 0 to %(most)s."),
    "minutes_unfit": _("A table is read every 1 to %(most)s minutes."),
    "database_is_ours": _("This is the house's own database. It is read through its views: regulars psql."),
    "database_silent": _("The database does not answer: %(reason)s"),
    "database_refuses": _("The database refuses: %(reason)s"),
    "database_lets_not_in": _(
        "The database does not let this account in: %(reason)s. Look at the name and the password in its address; "
        "@ : / %% in a password are written there as %%40 %%3A %%2F %%25."
    ),
    "database_keeps_closed": _(
        "The account may not read it: %(reason)s. Let it SELECT from the whole table, or from a view that has what is "
        "needed."
    ),
    "database_unproven": _(
        "The database does not prove who it is: %(reason)s. Use the name its certificate is made out to, and the "
        "authority that signed it (?ssl_ca=/path/ca.pem; with PostgreSQL sslrootcert)."
    ),
    "database_broke_off": _(
        "The database broke off: %(reason)s. Nothing is lost; the next reading begins where this one did."
    ),
    "table_locked": _("Somebody holds the table locked: %(reason)s. It is read again the next time."),
    "database_option_unknown": _("What stands behind the ? of the address is not understood: %(reason)s"),
    "database_driver_missing": _(
        "%(kind)s is read with a driver that is not here. Install it beside Regulars: pip install %(package)s"
    ),
    "database_kind_unknown": _(
        "Nothing here reads %(kind)s. If there is a dialect of SQLAlchemy for it, install it beside Regulars."
    ),
    "database_address_unfit": _(
        "An address is like mysql://reader:password@host/shop, postgresql://reader:password@host/shop or "
        "sqlite:////data/shop.db."
    ),
    "database_address_missing": _("The address of %(name)s is not in the home (%(where)s). Add the table again."),
    "database_address_open": _("%(where)s can be read by other accounts. Take away their rights (chmod 600)."),
    "database_name_unfit": _("A name has small letters, digits, - and _, 41 at most; %(name)s has not."),
    "table_not_there": _("There is no table or view %(table)s."),
    "table_column_not_there": _("There is no column %(column)s. There are: %(known)s."),
    "table_column_unfit": _("A table is read by a column of numbers, texts, days or moments; this one holds %(kind)s."),
    "table_column_mixed": _(
        "The column %(column)s holds values of several kinds (%(kinds)s), which stand in no common order: rows would "
        "be passed over. Read the table by a column of one kind."
    ),
    "table_column_of_digits": _(
        "The column %(column)s holds numbers as texts of several lengths. As texts 10 stands before 9, so rows would "
        "be passed over. Read the table by a column that only grows."
    ),
    "mapping_unfit": _("The mapping cannot be used: look at %(fields)s."),
    "message_unreadable": _("The message is no JSON in UTF-8."),
    "webhook_unsigned": _("The message is not signed: webhook-id, webhook-timestamp and webhook-signature are needed."),
    "webhook_out_of_time": _("The message was signed more than five minutes ago, or by a clock that is wrong."),
    "webhook_wrong_signature": _("The message is not signed with the secret of this webhook."),
    "event_rule_unfit": _(
        "The rule cannot be so: look at %(field)s. A rule that waits needs both the other event and the minutes."
    ),
    "rate_unfit": _("A key lets through between 1 and %(most)s events a second."),
}

#: A segment's rule. `path` counts from one: 2.1 is the first part of the second part.
SEGMENTS: Final[Words] = {
    "no_figures_yet": _("There are no figures yet. Bring in orders and refresh, then ask again: regulars refresh."),
    "segment_without_name": _("A segment needs a key and a name."),
    "key_not_possible": _(
        "“%(key)s” cannot be a key: Latin letters, digits, “.”, “_” and “-”, at most 64, and no word of our own such "
        "as “new”. Choose another."
    ),
    "segment_key_taken": _("There is a segment called %(key)s already. Choose another key, or change that one."),
    "rule_not_json": _("The rule is not JSON: %(reason)s."),
    "rule_too_large": _("The rule has more than %(most)s conditions. Split it into several segments."),
    "rule_too_deep": _("The rule is nested deeper than %(deepest)s levels. Make it flatter."),
    "group_unknown": _(
        "Part %(path)s of the rule is no group. A group is one of all, any, none, with a list of parts."
    ),
    "group_empty": _("The group %(group)s in part %(path)s has no conditions. Add one, or take the group away."),
    "field_unknown": _("There is no field called %(field)s. The reference lists those there are."),
    "field_not_for_purpose": _("%(field)s may not be used for this purpose (%(purpose)s). Take it out of the rule."),
    "field_has_no_period": _("%(field)s has no period. Leave out days, since and until."),
    "period_said_twice": _("The period of %(field)s is said twice. Give either days, or since and until."),
    "condition_key_unknown": _(
        "The condition on %(field)s has something unknown: %(keys)s. It may have operator, value, days, since, until."
    ),
    "operator_not_for_field": _("%(field)s cannot be asked with “%(operator)s”. Choose another operator."),
    "value_missing": _("The condition on %(field)s has no value. Say what to compare with."),
    "value_not_wanted": _("The condition on %(field)s takes no value with “%(operator)s”. Leave it out."),
    "value_list_length": _("The condition on %(field)s wants 1 to %(most)s values."),
    "value_not_a_number": _("%(value)s is not a number; %(field)s wants one."),
    "value_not_text": _("%(value)s is not a text; %(field)s wants one."),
    "value_not_whole": _("%(value)s is not a whole number; %(field)s wants one."),
    "value_not_offered": _("%(field)s cannot be %(value)s. It can be: %(offered)s."),
    "value_out_of_range": _("%(value)s lies outside what %(field)s can be (%(low)s to %(high)s)."),
    "days_out_of_range": _("%(value)s is no number of days from %(low)s to %(high)s."),
    "value_not_a_date": _("%(value)s is not a day. Write it like 2026-03-12."),
    "between_wants_two": _("“between” on %(field)s wants two values, the lower one first."),
    "between_turned_round": _(
        "The two values for %(field)s stand the wrong way round: %(value)s. Put the lower one first."
    ),
    "table_not_at_hand": _(
        "%(field)s cannot be counted yet: the order lines have not been read into the warehouse. Refresh, then "
        "ask again."
    ),
    "members_not_readable": _("The members of this segment can no longer be read. Refresh to count it anew."),
    "customer_id_negative": _("A customer's id cannot be negative (%(id)s). Refresh; if it stays, tell data care."),
}

#: A campaign, its figures and its course.
CAMPAIGNS: Final[Words] = {
    "campaign_without_name": _("A campaign needs a key and a name."),
    "campaign_key_taken": _("There is a campaign called %(key)s already. Choose another key."),
    "rate_out_of_range": _(
        "Threshold (%(threshold)s) and expected response (%(expected)s) lie between 0 and 1; 0.03 is three in a "
        "hundred."
    ),
    "shares_do_not_add_up": _(
        "Test group (%(test)s) and hold-out (%(holdout)s) do not fit together. The test group is more than 0, and "
        "both make at most 1."
    ),
    "shares_do_not_fit_arms": _(
        "The counted groups (%(arms)s) are not those the campaign planned (%(shares)s). Prepare it anew."
    ),
    "campaign_not_draft": _(
        "%(key)s is no draft any more (%(state)s), so its audience stays as it was frozen. Draft a new campaign "
        "to change it."
    ),
    "campaign_not_sending": _("%(key)s is not being sent (%(state)s). Start the test or the roll-out first."),
    "no_way_to_state": _("From “%(from)s” no way leads to “%(to)s”. The campaign's page shows what can come next."),
    "responses_out_of_range": _("%(responses)s answers of %(people)s people cannot be. Look at the file of answers."),
    "split_key_length": _("The key for drawing groups must have 32 bytes and has %(bytes)s. Mend the file keys/split."),
}

#: Households, company accounts, agents and channels.
GROUPED: Final[Words] = {
    "ties_not_there": _("There is no such file of ties of yours. After a day it is forgotten: bring it once more."),
    "group_not_there": _(
        "There is no such household or account, or nobody in it whom your view shows. Check the reference."
    ),
    "group_member_not_there": _("She does not belong to it on that day, so there is nothing to end."),
    "group_place_not_there": _("It does not stand there on that day, so there is nothing to end."),
    "group_kind_unknown": _("“%(kind)s” is no kind of group. There are: household, company, agent, channel."),
    "group_name_needed": _("A company, an agent or a channel needs a name."),
    "household_has_no_name": _("A household has no name of its own: whose it is, the people in it say."),
    "group_ref_unclear": _("“%(ref)s” cannot stand in an address. Leave out slashes and spaces around it."),
    "group_ref_is_ours": _("References like %(ref)s are given by the house. Leave it empty, or choose another."),
    "group_taken": _("%(ref)s is known already. Find it and use that one."),
    "company_code_wrong": _(
        "%(code)s is no company code of China: its check digit does not fit. Look at the licence, or say which country "
        "it is of."
    ),
    "group_role_unknown": _("Nobody belongs to such a group as “%(role)s”."),
    "group_no_days": _("The last day lies before the first. Change one of them."),
    "group_member_already": _(
        "She belongs to %(ref)s on some of these days already. End that first, or choose other days."
    ),
    "group_cannot_stand_under": _(
        "A group of that kind does not stand under %(parent)s: companies stand under companies, everything under "
        "agents and channels."
    ),
    "group_has_parent_then": _("%(ref)s stands under another at that time. End that first."),
    "group_circle": _("%(parent)s stands under %(ref)s itself at that time, so it cannot stand above it."),
    "group_too_deep": _("The tree would be more than eight high. Leave out what is between."),
    "ties_too_many": _(
        "%(name)s has about %(rows)s rows, and at most %(most)s are taken at a time. Divide it, or bring it on the "
        "page “Bring a file of ties”."
    ),
    "ties_without_groups": _("No column names a group. Call one “group” or “company code”. There are: %(headers)s."),
    "household_of_one": _("This is one and the same customer. Say the number of the other."),
    "household_already": _("%(number)s lives in another household. End that first, or note both there."),
}

#: People who sign in, programs, logins, the statement.
OFFICE: Final[Words] = {
    "passkey_not_made": _("This device's answer does not hold, so no passkey was made. Try again."),
    "passkey_too_late": _("This took too long, or was sent twice. Load the page again and start anew."),
    "reason_too_short": _("Say in a few words why this is all right; it stays in the log."),
    "password_too_short": _("A password has at least %(letters)s characters. Three or four words make a good one."),
    "password_wrong": _("This is not your password. Nothing has been changed."),
    "no_such_role": _("There is no role called %(roles)s. There are: %(known)s."),
    "no_such_view": _("There is no view called %(view)s. There are: %(known)s."),
    "no_such_staff": _("Nobody signs in as %(username)s. The list of staff shows the names."),
    "view_without_sql": _(
        "Nobody gets a database login of her own to the view %(view)s. There are: standard, anonymous."
    ),
    "sql_login_name": _(
        "%(name)s cannot be a login's name. Use small Latin letters, digits and _, beginning with a letter."
    ),
    "branch_unknown": _("There is no branch %(branch)s. The list of branches shows their numbers."),
    "brand_unknown": _("No article of the brand %(brand)s is sold here. Look at how the articles spell it."),
    "company_no_seat": _(
        "Your account is known, but none of its groups has a seat here. Ask whoever looks after groups in your company."
    ),
    "company_name_taken": _(
        "There is an account of that name here already, made by hand. Ask the privacy officer to let it go first."
    ),
    "company_let_go": _("You no longer work here, as far as this house knows. Ask the privacy officer."),
    "sql_login_taken": _("There is a login for %(name)s already. End it first, or choose another name."),
    "statement_language_missing": _(
        "The statement is missing in: %(languages)s. It is published in all languages at once."
    ),
}

ALL: Final[Words] = {
    **ORDERS,
    **CODES,
    **WHO_MAY,
    **NOT_THERE,
    **TYPED,
    **CHOICES,
    **SERVING,
    **FILES,
    **SEGMENTS,
    **STREAMS,
    **CAMPAIGNS,
    **GROUPED,
    **OFFICE,
    **intake_words.MISTAKES,
    **merging_words.MISTAKES,
    **watching_words.MISTAKES,
    **source_words.SOURCE_MISTAKES,
}
