"""The present follows guardians, ages, brands and topics as well, by triggers nobody can walk around.

The rule is rules/permission/choices.py, step by step; tests/records/choices proves the two equal for random histories.
Coming of age opens what silence allows; nothing else moves by the calendar. A night job calls `follow_the_years`; until
it has, the younger reading holds, and it is the stricter one.
"""

from importlib import import_module

from django.db import migrations

MAKE = """
CREATE FUNCTION business_day() RETURNS date
LANGUAGE sql STABLE SET search_path = vault, pg_temp AS $$
    SELECT coalesce((SELECT business_on FROM company ORDER BY id LIMIT 1),
                    (now() AT TIME ZONE coalesce((SELECT timezone FROM company ORDER BY id LIMIT 1), 'UTC'))::date)
$$;

CREATE FUNCTION years_old(born date, on_day date) RETURNS integer
LANGUAGE sql IMMUTABLE SET search_path = vault, pg_temp AS $$
    SELECT extract(year FROM on_day)::int - extract(year FROM born)::int
         - CASE WHEN (extract(month FROM on_day), extract(day FROM on_day)) < (extract(month FROM born), extract(day FROM born))
                THEN 1 ELSE 0 END
$$;

-- The ages {own word from, silence is no under} of a place: the country's own, else the jurisdiction's, else 18.
CREATE FUNCTION choice_ages(home text, land text) RETURNS integer[]
LANGUAGE sql STABLE SET search_path = vault, pg_temp AS $$
    SELECT coalesce((SELECT ARRAY[a.own_word_from::int, a.silence_is_no_under::int] FROM choice_age a
                      WHERE a.jurisdiction = home AND a.country IN (land, '') ORDER BY a.country DESC LIMIT 1), ARRAY[18, 18])
$$;

CREATE FUNCTION choice_is_heard(said text, by_guardian boolean, at timestamptz, born date, own_word_from integer) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = vault, pg_temp AS $$
    SELECT by_guardian OR said = 'denied' OR born IS NULL OR years_old(born, (at AT TIME ZONE 'UTC')::date) >= own_word_from
$$;

DROP TRIGGER customer_begins_with_defaults ON customer;
DROP TRIGGER choice_becomes_present ON choice_entry;
DROP FUNCTION present_choices(bigint, text);
DROP FUNCTION default_choices(text);
DROP FUNCTION choice_said(bigint, text, text);
DROP FUNCTION choice_counts(text, text, text, text);

CREATE FUNCTION present_choices(person bigint, home text, land text, born date) RETURNS boolean[]
LANGUAGE sql STABLE SET search_path = vault, pg_temp AS $$
    WITH a AS (SELECT ages[1] AS own_word_from, coalesce(years_old(born, business_day()) < ages[2], false) AS presumes_nothing
                 FROM choice_ages(home, land) AS ages),
    newest AS (
        SELECT DISTINCT ON (e.purpose, e.channel) e.purpose, e.channel, e.value
          FROM choice_entry e, a
         WHERE e.customer_id = person AND e.brand = '' AND e.topic = ''
           AND choice_is_heard(e.value, e.by_guardian, e.at, born, a.own_word_from)
         ORDER BY e.purpose, e.channel, e.at DESC, e.id DESC),
    counted AS (
        SELECT purpose, channel, CASE n.value WHEN 'granted' THEN true WHEN 'denied' THEN false
               ELSE coalesce(d.allowed, false) AND NOT a.presumes_nothing END AS yes
          FROM newest n FULL JOIN (SELECT * FROM choice_default WHERE jurisdiction = home) d USING (purpose, channel) CROSS JOIN a)
    SELECT ARRAY[whole, disclosure, automated, sensitive, whole AND email, whole AND phone, whole AND letter, whole AND sms]
      FROM (SELECT coalesce(bool_or(yes) FILTER (WHERE purpose = 'direct_marketing' AND channel = ''), false) AS whole,
                   coalesce(bool_or(yes) FILTER (WHERE purpose = 'third_party_disclosure' AND channel = ''), false) AS disclosure,
                   coalesce(bool_or(yes) FILTER (WHERE purpose = 'automated_decision' AND channel = ''), false) AS automated,
                   coalesce(bool_or(yes) FILTER (WHERE purpose = 'sensitive_use' AND channel = ''), false) AS sensitive,
                   coalesce(bool_or(yes) FILTER (WHERE purpose = 'direct_marketing' AND channel = 'email'), false) AS email,
                   coalesce(bool_or(yes) FILTER (WHERE purpose = 'direct_marketing' AND channel = 'phone'), false) AS phone,
                   coalesce(bool_or(yes) FILTER (WHERE purpose = 'direct_marketing' AND channel = 'letter'), false) AS letter,
                   coalesce(bool_or(yes) FILTER (WHERE purpose = 'direct_marketing' AND channel = 'sms'), false) AS sms
              FROM counted) c
$$;

CREATE FUNCTION default_choices(home text, land text, born date) RETURNS boolean[]
LANGUAGE sql STABLE SET search_path = vault, pg_temp AS $$
    SELECT CASE WHEN born IS NOT NULL AND years_old(born, business_day()) < (choice_ages(home, land))[2]
                THEN array_fill(false, ARRAY[8]) ELSE
                ARRAY[whole, disclosure, automated, sensitive, whole AND email, whole AND phone, whole AND letter, whole AND sms] END
      FROM (SELECT coalesce(bool_or(allowed) FILTER (WHERE purpose = 'direct_marketing' AND channel = ''), false) AS whole,
                   coalesce(bool_or(allowed) FILTER (WHERE purpose = 'third_party_disclosure'), false) AS disclosure,
                   coalesce(bool_or(allowed) FILTER (WHERE purpose = 'automated_decision'), false) AS automated,
                   coalesce(bool_or(allowed) FILTER (WHERE purpose = 'sensitive_use'), false) AS sensitive,
                   coalesce(bool_or(allowed) FILTER (WHERE channel = 'email'), false) AS email,
                   coalesce(bool_or(allowed) FILTER (WHERE channel = 'phone'), false) AS phone,
                   coalesce(bool_or(allowed) FILTER (WHERE channel = 'letter'), false) AS letter,
                   coalesce(bool_or(allowed) FILTER (WHERE channel = 'sms'), false) AS sms
              FROM choice_default WHERE jurisdiction = home) d
$$;

CREATE FUNCTION keep_exceptions(person bigint, home text, land text, born date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = vault, pg_temp AS $$
BEGIN
    DELETE FROM choice_exception x WHERE x.customer_id = person;
    INSERT INTO choice_exception (customer_id, purpose, channel, brand, topic)
    SELECT person, n.purpose, n.channel, n.brand, n.topic
      FROM (SELECT DISTINCT ON (e.purpose, e.channel, e.brand, e.topic) e.purpose, e.channel, e.brand, e.topic, e.value
              FROM choice_entry e
             WHERE e.customer_id = person AND (e.brand <> '' OR e.topic <> '')
               AND choice_is_heard(e.value, e.by_guardian, e.at, born, (choice_ages(home, land))[1])
             ORDER BY e.purpose, e.channel, e.brand, e.topic, e.at DESC, e.id DESC) n
     WHERE n.value = 'denied';
END $$;

-- A new customer has said nothing yet (the ledger's foreign key sees to that), so the defaults alone decide: one look-up.
CREATE OR REPLACE FUNCTION customer_begins_with_defaults() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = vault, pg_temp AS $$
DECLARE now boolean[];
BEGIN
    IF TG_OP = 'INSERT' THEN now := default_choices(NEW.jurisdiction, NEW.country, NEW.birth_on);
    ELSE
        now := present_choices(NEW.id, NEW.jurisdiction, NEW.country, NEW.birth_on);
        PERFORM keep_exceptions(NEW.id, NEW.jurisdiction, NEW.country, NEW.birth_on);
    END IF;
    NEW.allows_direct_marketing := now[1]; NEW.allows_disclosure := now[2];
    NEW.allows_automated_decision := now[3]; NEW.allows_sensitive_use := now[4];
    NEW.allows_email := now[5]; NEW.allows_phone := now[6]; NEW.allows_letter := now[7]; NEW.allows_sms := now[8];
    RETURN NEW;
END $$;
CREATE TRIGGER customer_begins_with_defaults BEFORE INSERT ON customer
    FOR EACH ROW EXECUTE FUNCTION customer_begins_with_defaults();
CREATE TRIGGER customer_comes_under_another_law BEFORE UPDATE OF jurisdiction, country, birth_on ON customer
    FOR EACH ROW WHEN (ROW(OLD.jurisdiction, OLD.country, OLD.birth_on) IS DISTINCT FROM ROW(NEW.jurisdiction, NEW.country, NEW.birth_on))
    EXECUTE FUNCTION customer_begins_with_defaults();

-- The row is locked by a statement of its own: the next statement then sees what others committed while we waited.
CREATE OR REPLACE FUNCTION choice_becomes_present() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = vault, pg_temp AS $$
DECLARE now boolean[]; home text; land text; born date;
BEGIN
    SELECT jurisdiction, country, birth_on INTO home, land, born FROM customer WHERE id = NEW.customer_id FOR NO KEY UPDATE;
    IF NEW.brand <> '' OR NEW.topic <> '' THEN
        PERFORM keep_exceptions(NEW.customer_id, home, land, born);
        RETURN NULL;
    END IF;
    now := present_choices(NEW.customer_id, home, land, born);
    UPDATE customer SET
        allows_direct_marketing = now[1], allows_disclosure = now[2], allows_automated_decision = now[3],
        allows_sensitive_use = now[4], allows_email = now[5], allows_phone = now[6], allows_letter = now[7], allows_sms = now[8]
     WHERE id = NEW.customer_id;
    RETURN NULL;
END $$;
CREATE TRIGGER choice_becomes_present AFTER INSERT ON choice_entry
    FOR EACH ROW EXECUTE FUNCTION choice_becomes_present();

-- Who has come of age since the last call: found without a lock, then each locked and reckoned anew, for somebody may
-- have withdrawn meanwhile.
CREATE FUNCTION follow_the_years() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = vault, pg_temp AS $$
DECLARE who bigint; c customer%ROWTYPE; now boolean[]; moved integer := 0;
BEGIN
    FOR who IN
        SELECT k.id FROM customer k
         WHERE k.birth_on > business_day() - interval '25 years'
           AND ARRAY[k.allows_direct_marketing, k.allows_disclosure, k.allows_automated_decision, k.allows_sensitive_use,
                     k.allows_email, k.allows_phone, k.allows_letter, k.allows_sms]
               IS DISTINCT FROM present_choices(k.id, k.jurisdiction, k.country, k.birth_on) ORDER BY k.id
    LOOP
        SELECT * INTO c FROM customer k WHERE k.id = who FOR NO KEY UPDATE;
        now := present_choices(c.id, c.jurisdiction, c.country, c.birth_on);
        UPDATE customer SET
            allows_direct_marketing = now[1], allows_disclosure = now[2], allows_automated_decision = now[3],
            allows_sensitive_use = now[4], allows_email = now[5], allows_phone = now[6], allows_letter = now[7], allows_sms = now[8]
         WHERE id = who;
        moved := moved + 1;
    END LOOP;
    RETURN moved;
END $$;

-- Where the business day is set by hand, and may go back, nobody waits for the night.
CREATE FUNCTION the_day_is_set() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = vault, pg_temp AS $$
BEGIN
    PERFORM follow_the_years();
    RETURN NULL;
END $$;
CREATE TRIGGER the_day_is_set AFTER UPDATE OF business_on ON company
    FOR EACH ROW WHEN (OLD.business_on IS DISTINCT FROM NEW.business_on) EXECUTE FUNCTION the_day_is_set();
"""

#: Back to the rule of 0002, word by word. Who goes back should know that it hears neither guardians nor ages.
UNMAKE = """
DROP TRIGGER the_day_is_set ON company; DROP FUNCTION the_day_is_set(); DROP FUNCTION follow_the_years();
DROP TRIGGER choice_becomes_present ON choice_entry; DROP FUNCTION choice_becomes_present();
DROP TRIGGER customer_comes_under_another_law ON customer;
DROP TRIGGER customer_begins_with_defaults ON customer; DROP FUNCTION customer_begins_with_defaults();
DROP TRIGGER choice_entry_only_added_to ON choice_entry; DROP FUNCTION ledger_is_only_added_to();
DROP FUNCTION keep_exceptions(bigint, text, text, date);
DROP FUNCTION default_choices(text, text, date); DROP FUNCTION present_choices(bigint, text, text, date);
DROP FUNCTION choice_is_heard(text, boolean, timestamptz, date, integer); DROP FUNCTION choice_ages(text, text);
DROP FUNCTION years_old(date, date); DROP FUNCTION business_day();
"""
BEFORE = import_module("regulars.records.choices.migrations.0002_the_present_follows_the_ledger").MAKE


class Migration(migrations.Migration):
    dependencies = [("choices", "0003_brands_topics_and_guardians"), ("company", "0002_written_by_hand")]
    operations = [migrations.RunSQL(MAKE, UNMAKE + BEFORE)]
