-- Parcels that are re-labelled or come back.

ALTER TABLE parcel
  ADD COLUMN direction text NOT NULL DEFAULT 'out',
  ADD COLUMN replaced_by uuid,
  DROP CONSTRAINT ck_parcel_status_known,
  ADD CONSTRAINT ck_parcel_status_known CHECK (status IN ('announced', 'picked_up', 'in_transit', 'at_station', 'out_for_delivery', 'attempt_failed', 'exception', 'delivered', 'returning', 'returned')),
  ADD CONSTRAINT ck_parcel_direction_known CHECK (direction IN ('out', 'back')),
  ADD CONSTRAINT ck_parcel_not_replaced_by_itself CHECK (replaced_by <> id);

CREATE INDEX ix_parcel_replaced_by ON parcel (replaced_by) WHERE replaced_by IS NOT NULL;
