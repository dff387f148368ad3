-- Parcels go one way again; one that came back is a case for somebody.

UPDATE parcel SET status = 'exception' WHERE status IN ('returning', 'returned');

ALTER TABLE parcel
  DROP CONSTRAINT ck_parcel_status_known,
  ADD CONSTRAINT ck_parcel_status_known CHECK (status IN ('announced', 'picked_up', 'in_transit', 'at_station', 'out_for_delivery', 'attempt_failed', 'delivered', 'exception')),
  DROP CONSTRAINT ck_parcel_direction_known,
  DROP CONSTRAINT ck_parcel_not_replaced_by_itself,
  DROP COLUMN direction,
  DROP COLUMN replaced_by;
