"""Campaigns: what is said, to whom, how, and what was expected of it."""

from django.db import models


class Campaign(models.Model):
    """One campaign. States: draft, ready, testing, passed, failed, rolling_out, finished, stopped."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=64, unique=True)
    name = models.TextField()
    name_zh = models.TextField(blank=True, default="")
    selling_point = models.TextField(blank=True, default="")
    channel = models.CharField(max_length=8)
    purpose = models.CharField(max_length=32, default="direct_marketing")
    reason = models.CharField(max_length=48)
    priority = models.SmallIntegerField(default=5)
    cap_30d = models.SmallIntegerField(default=3)
    segment = models.ForeignKey("segments.Segment", on_delete=models.PROTECT, related_name="campaigns")
    audience = models.OneToOneField("audiences.Audience", on_delete=models.PROTECT, null=True, related_name="campaign")
    subject = models.TextField(blank=True, default="")
    subject_zh = models.TextField(blank=True, default="")
    body = models.TextField(blank=True, default="")
    body_zh = models.TextField(blank=True, default="")
    test_share = models.FloatField(default=0.2)
    holdout_share = models.FloatField(default=0.1)
    threshold = models.FloatField()
    expected_response = models.FloatField()
    budget_minor = models.BigIntegerField(default=0)
    cost_each_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    answers_until = models.DateField(null=True)
    state = models.CharField(max_length=16, default="draft")
    owner = models.TextField()
    made_at = models.DateTimeField()
    funnel = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    replay_of = models.TextField(blank=True, default="")
    brand = models.CharField(max_length=40, default="", db_default="", blank=True)
    topic = models.CharField(max_length=40, default="", db_default="", blank=True)

    class Meta:
        db_table = "campaign"


class CampaignStep(models.Model):
    """The campaign's history: each state it entered, when and by whom."""

    id = models.BigAutoField(primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=16)
    at = models.DateTimeField()
    by = models.TextField()
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "campaign_step"


class CampaignLook(models.Model):
    """Somebody was shown a running test with figures not seen before; the `number`-th look. Rows are only added."""

    id = models.BigAutoField(primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="looks")
    number = models.IntegerField()
    at = models.DateTimeField()
    by = models.TextField()
    people = models.IntegerField()
    responses = models.IntegerField()

    class Meta:
        db_table = "campaign_look"
        constraints = (models.UniqueConstraint(fields=["campaign", "number"], name="campaign_look_once"),)
