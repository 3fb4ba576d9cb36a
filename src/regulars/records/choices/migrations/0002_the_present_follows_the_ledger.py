"""The `allows_*` columns follow from the ledger, in the same transaction, by triggers nobody can walk around.

The rule is rules/permission/choices.py, step by step; tests/records/choices proves the two equal for random histories.
"""

from django.db import migrations

MAKE = """
CREATE FUNCTION choice_counts(jurisdiction text, said text, wanted_purpose text, wanted_channel text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = vault, pg_temp AS $$
    SELECT CASE said WHEN 'granted' THEN true WHEN 'denied' THEN false
           ELSE coalesce((SELECT d.allowed FROM choice_default d
                           WHERE d.jurisdiction = choice_counts.jurisdiction
                             AND d.purpose = wanted_purpose AND d.channel = wanted_channel), false) END
$$;

CREATE FUNCTION choice_said(person bigint, wanted_purpose text, wanted_channel text) RETURNS text
LANGUAGE sql STABLE SET search_path = vault, pg_temp AS $$
    SELECT e.value FROM choice_entry e
     WHERE e.customer_id = person AND e.purpose = wanted_purpose AND e.channel = wanted_channel
     ORDER BY e.at DESC, e.id DESC LIMIT 1
$$;

CREATE FUNCTION present_choices(person bigint, jurisdiction text) RETURNS boolean[]
LANGUAGE sql STABLE SET search_path = vault, pg_temp AS $$
    SELECT ARRAY[whole,
        choice_counts(jurisdiction, choice_said(person, 'third_party_disclosure', ''), 'third_party_disclosure', ''),
        choice_counts(jurisdiction, choice_said(person, 'automated_decision', ''), 'automated_decision', ''),
        choice_counts(jurisdiction, choice_said(person, 'sensitive_use', ''), 'sensitive_use', ''),
        whole AND choice_counts(jurisdiction, choice_said(person, 'direct_marketing', 'email'), 'direct_marketing', 'email'),
        whole AND choice_counts(jurisdiction, choice_said(person, 'direct_marketing', 'phone'), 'direct_marketing', 'phone'),
        whole AND choice_counts(jurisdiction, choice_said(person, 'direct_marketing', 'letter'), 'direct_marketing', 'letter'),
        whole AND choice_counts(jurisdiction, choice_said(person, 'direct_marketing', 'sms'), 'direct_marketing', 'sms')]
      FROM (SELECT choice_counts(jurisdiction, choice_said(person, 'direct_marketing', ''), 'direct_marketing', '') AS whole) w
$$;

CREATE FUNCTION default_choices(wanted text) RETURNS boolean[]
LANGUAGE sql STABLE SET search_path = vault, pg_temp AS $$
    SELECT ARRAY[whole, disclosure, automated, sensitive, whole AND email, whole AND phone, whole AND letter, whole AND sms]
      FROM (SELECT coalesce(bool_or(allowed) FILTER (WHERE purpose = 'direct_marketing' AND channel = ''), false) AS whole,
                   coalesce(bool_or(allowed) FILTER (WHERE purpose = 'third_party_disclosure'), false) AS disclosure,
                   coalesce(bool_or(allowed) FILTER (WHERE purpose = 'automated_decision'), false) AS automated,
                   coalesce(bool_or(allowed) FILTER (WHERE purpose = 'sensitive_use'), false) AS sensitive,
                   coalesce(bool_or(allowed) FILTER (WHERE channel = 'email'), false) AS email,
                   coalesce(bool_or(allowed) FILTER (WHERE channel = 'phone'), false) AS phone,
                   coalesce(bool_or(allowed) FILTER (WHERE channel = 'letter'), false) AS letter,
                   coalesce(bool_or(allowed) FILTER (WHERE channel = 'sms'), false) AS sms
              FROM choice_default WHERE jurisdiction = wanted) d
$$;

-- A new customer has said nothing yet (the ledger's foreign key sees to that), so the defaults alone decide: one look-up.
CREATE FUNCTION customer_begins_with_defaults() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = vault, pg_temp AS $$
DECLARE now boolean[];
BEGIN
    IF TG_OP = 'INSERT' THEN now := default_choices(NEW.jurisdiction);
    ELSE now := present_choices(NEW.id, NEW.jurisdiction); END IF;
    NEW.allows_direct_marketing := now[1]; NEW.allows_disclosure := now[2];
    NEW.allows_automated_decision := now[3]; NEW.allows_sensitive_use := now[4];
    NEW.allows_email := now[5]; NEW.allows_phone := now[6]; NEW.allows_letter := now[7]; NEW.allows_sms := now[8];
    RETURN NEW;
END $$;
CREATE TRIGGER customer_begins_with_defaults BEFORE INSERT OR UPDATE OF jurisdiction ON customer
    FOR EACH ROW EXECUTE FUNCTION customer_begins_with_defaults();

-- The row is locked by a statement of its own: the next statement then sees what others committed while we waited.
CREATE FUNCTION choice_becomes_present() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = vault, pg_temp AS $$
DECLARE now boolean[]; home text;
BEGIN
    SELECT jurisdiction INTO home FROM customer WHERE id = NEW.customer_id FOR NO KEY UPDATE;
    now := present_choices(NEW.customer_id, home);
    UPDATE customer SET
        allows_direct_marketing = now[1], allows_disclosure = now[2], allows_automated_decision = now[3],
        allows_sensitive_use = now[4], allows_email = now[5], allows_phone = now[6], allows_letter = now[7], allows_sms = now[8]
     WHERE id = NEW.customer_id;
    RETURN NULL;
END $$;
CREATE TRIGGER choice_becomes_present AFTER INSERT ON choice_entry
    FOR EACH ROW EXECUTE FUNCTION choice_becomes_present();

CREATE FUNCTION ledger_is_only_added_to() RETURNS trigger
LANGUAGE plpgsql SET search_path = vault, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM customer c WHERE c.id = OLD.customer_id) THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'the ledger of choices is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER choice_entry_only_added_to BEFORE UPDATE OR DELETE ON choice_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_is_only_added_to();
"""

UNMAKE = """
DROP TRIGGER choice_entry_only_added_to ON choice_entry; DROP FUNCTION ledger_is_only_added_to();
DROP TRIGGER choice_becomes_present ON choice_entry; DROP FUNCTION choice_becomes_present();
DROP TRIGGER customer_begins_with_defaults ON customer; DROP FUNCTION customer_begins_with_defaults();
DROP FUNCTION default_choices(text); DROP FUNCTION present_choices(bigint, text); DROP FUNCTION choice_said(bigint, text, text);
DROP FUNCTION choice_counts(text, text, text, text);
"""


class Migration(migrations.Migration):
    dependencies = [("choices", "0001_initial"), ("customers", "0001_initial")]
    operations = [migrations.RunSQL(MAKE, UNMAKE)]
