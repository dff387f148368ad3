-- Back to one word for three axes.

ALTER TABLE reservation
  DROP CONSTRAINT ck_reservation_state_known,
  ADD CONSTRAINT ck_reservation_state_known CHECK (state IN ('held', 'confirmed', 'released')),
  DROP COLUMN parcel_id,
  DROP COLUMN held_at,
  DROP COLUMN expires_at,
  DROP COLUMN ended_at;

ALTER TABLE level
  DROP COLUMN safety_stock,
  DROP COLUMN short,
  DROP COLUMN low_at,
  DROP COLUMN standing,
  DROP COLUMN id,
  DROP COLUMN version,
  DROP COLUMN changed_by,
  DROP COLUMN change_reason,
  DROP COLUMN changed_at,
  DROP COLUMN ring;

DELETE FROM order_line WHERE until_version IS NOT NULL;

ALTER TABLE order_line
  DROP CONSTRAINT pk_order_line,
  ADD CONSTRAINT pk_order_line PRIMARY KEY (order_id, position),
  DROP COLUMN since_version,
  DROP COLUMN until_version;

ALTER TABLE orders
  DROP COLUMN standing,
  DROP COLUMN payment,
  DROP COLUMN fulfilment,
  DROP COLUMN paid_minor,
  DROP COLUMN refund_minor,
  DROP COLUMN deposit_minor,
  DROP COLUMN short_units,
  DROP COLUMN pay_until,
  DROP COLUMN balance_from,
  DROP COLUMN balance_until,
  DROP COLUMN ship_to,
  DROP COLUMN invoice;
