"""A view and the row rule behind it say the same, and the planner took them for two: where one in fifty allows a purpose
it expected one in 2,500, and could join by loops in loops. Counted together, it expects what is there."""

from django.db import migrations

TOGETHER = """
CREATE STATISTICS vault.customer_rules (mcv)
    ON erased_at, allows_direct_marketing, allows_disclosure, allows_automated_decision, allows_sensitive_use
  FROM vault.customer;
ANALYZE vault.customer (erased_at, allows_direct_marketing, allows_disclosure, allows_automated_decision,
                        allows_sensitive_use);
"""
APART = "DROP STATISTICS vault.customer_rules"


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_changes_may_be_emptied")]

    operations = [migrations.RunSQL(TOGETHER, APART)]
