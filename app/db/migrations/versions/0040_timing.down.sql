-- Back to three ways to set a campaign's time.

UPDATE campaign SET timing = 'person' WHERE timing = 'best';
ALTER TABLE campaign DROP CONSTRAINT ck_campaign_timing_known;
ALTER TABLE campaign ADD CONSTRAINT ck_campaign_timing_known
  CHECK (timing IN ('now', 'shop', 'person'));
