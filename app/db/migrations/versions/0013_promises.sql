-- Shortages and returns.

CREATE TABLE shortage (
	id UUID NOT NULL,
	order_id UUID NOT NULL,
	sku_id UUID NOT NULL,
	warehouse TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	state TEXT DEFAULT 'open' NOT NULL,
	choices TEXT[] NOT NULL,
	found_by TEXT NOT NULL,
	found_why TEXT NOT NULL,
	found_at TIMESTAMP WITH TIME ZONE NOT NULL,
	wait_until TIMESTAMP WITH TIME ZONE,
	chosen_by TEXT,
	chosen_at TIMESTAMP WITH TIME ZONE,
	swapped_for UUID,
	settled_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_shortage PRIMARY KEY (id),
	CONSTRAINT ck_shortage_quantity_positive CHECK (quantity > 0),
	CONSTRAINT ck_shortage_state_known CHECK (state IN ('open', 'waiting', 'swapped', 'refunded', 'filled', 'cancelled')),
	CONSTRAINT ck_shortage_choices_known CHECK (choices <@ ARRAY['wait', 'swap', 'refund']),
	CONSTRAINT ck_shortage_settled_has_time CHECK ((state IN ('open', 'waiting')) = (settled_at IS NULL)),
	CONSTRAINT ck_shortage_waiting_has_end CHECK (state <> 'waiting' OR wait_until IS NOT NULL),
	CONSTRAINT ck_shortage_swapped_has_sku CHECK ((state = 'swapped') = (swapped_for IS NOT NULL)),
	CONSTRAINT ck_shortage_chosen_by_somebody CHECK ((chosen_by IS NULL) = (chosen_at IS NULL))
);

CREATE INDEX ix_shortage_order_id ON shortage (order_id);

CREATE INDEX ix_shortage_owed ON shortage (sku_id, warehouse, found_at) WHERE state IN ('open', 'waiting');

CREATE INDEX ix_shortage_wait_until ON shortage (wait_until) WHERE state = 'waiting';

CREATE TABLE order_return (
	id UUID NOT NULL,
	order_id UUID NOT NULL,
	state TEXT NOT NULL,
	reason TEXT NOT NULL,
	who_pays TEXT NOT NULL,
	refund_percent INTEGER NOT NULL,
	amount_minor BIGINT,
	currency TEXT NOT NULL,
	carrier TEXT,
	parcel_number TEXT,
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
	decided_at TIMESTAMP WITH TIME ZONE,
	received_at TIMESTAMP WITH TIME ZONE,
	closed_at TIMESTAMP WITH TIME ZONE,
	version INTEGER DEFAULT 1 NOT NULL,
	changed_by TEXT NOT NULL,
	change_reason TEXT NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ring TEXT DEFAULT 'now' NOT NULL,
	CONSTRAINT pk_order_return PRIMARY KEY (id),
	CONSTRAINT ck_order_return_state_known CHECK (state IN ('requested', 'approved', 'rejected', 'received', 'closed')),
	CONSTRAINT ck_order_return_who_pays_known CHECK (who_pays IN ('shop', 'shopper')),
	CONSTRAINT ck_order_return_refund_percent_within CHECK (refund_percent BETWEEN 0 AND 100),
	CONSTRAINT ck_order_return_amount_not_negative CHECK (amount_minor >= 0),
	CONSTRAINT ck_order_return_received_has_time CHECK ((state IN ('received', 'closed')) = (received_at IS NOT NULL)),
	CONSTRAINT ck_order_return_closed_has_time CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
	CONSTRAINT ck_order_return_received_has_amount CHECK ((received_at IS NULL) = (amount_minor IS NULL)),
	CONSTRAINT ck_order_return_ring_known CHECK (ring IN ('now', 'then', 'never'))
);

CREATE INDEX ix_order_return_live ON order_return (requested_at) WHERE state IN ('requested', 'approved', 'received');

CREATE INDEX ix_order_return_order_id ON order_return (order_id);

CREATE TABLE return_line (
	return_id UUID NOT NULL,
	position INTEGER NOT NULL,
	sku_id UUID NOT NULL,
	code TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	unit_minor BIGINT NOT NULL,
	restocked INTEGER DEFAULT 0 NOT NULL,
	scrapped INTEGER DEFAULT 0 NOT NULL,
	CONSTRAINT pk_return_line PRIMARY KEY (return_id, position),
	CONSTRAINT ck_return_line_quantity_positive CHECK (quantity > 0),
	CONSTRAINT ck_return_line_unit_not_negative CHECK (unit_minor >= 0),
	CONSTRAINT ck_return_line_received_within_quantity CHECK (restocked >= 0 AND scrapped >= 0 AND restocked + scrapped <= quantity)
);

-- What is no longer short is owed no longer, whoever let go of it: whatever a shortage says beyond
-- the units that still stand short was cancelled, the latest finding first.
CREATE FUNCTION shortage_let_go() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  excess integer;
  one shortage%ROWTYPE;
BEGIN
  SELECT coalesce(sum(quantity), 0) INTO excess FROM shortage
  WHERE order_id = OLD.order_id AND sku_id = OLD.sku_id AND warehouse = OLD.warehouse
    AND state IN ('open', 'waiting');
  excess := excess - (
    SELECT coalesce(sum(quantity), 0) FROM reservation
    WHERE order_id = OLD.order_id AND sku_id = OLD.sku_id AND warehouse = OLD.warehouse
      AND state = 'short');
  IF excess <= 0 THEN RETURN NULL; END IF;
  FOR one IN
    SELECT * FROM shortage
    WHERE order_id = OLD.order_id AND sku_id = OLD.sku_id AND warehouse = OLD.warehouse
      AND state IN ('open', 'waiting')
    ORDER BY found_at DESC, id DESC
  LOOP
    EXIT WHEN excess <= 0;
    IF one.quantity > excess THEN
      UPDATE shortage SET quantity = quantity - excess WHERE id = one.id;
      one.id := uuid7();
      one.quantity := excess;
      one.state := 'cancelled';
      one.settled_at := coalesce(NEW.ended_at, clock_timestamp());
      INSERT INTO shortage SELECT (one).*;
    ELSE
      UPDATE shortage
      SET state = 'cancelled', settled_at = coalesce(NEW.ended_at, clock_timestamp())
      WHERE id = one.id;
    END IF;
    excess := excess - one.quantity;
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER reservation_let_go AFTER UPDATE ON reservation FOR EACH ROW
  WHEN (OLD.state = 'short' AND (NEW.state <> OLD.state OR NEW.quantity < OLD.quantity))
  EXECUTE FUNCTION shortage_let_go();

-- A case may be about goods that many orders lack, and then nobody asked it.
ALTER TABLE support_case
  ADD COLUMN about TEXT,
  ALTER COLUMN person_id DROP NOT NULL,
  ADD CONSTRAINT ck_support_case_asked_or_about CHECK ((person_id IS NULL) = (about IS NOT NULL));
CREATE UNIQUE INDEX uq_support_case_about ON support_case (about) WHERE about IS NOT NULL;

DROP INDEX uq_support_case_unresolved;
CREATE UNIQUE INDEX uq_support_case_unresolved ON support_case (person_id, order_id)
  NULLS NOT DISTINCT WHERE state <> 'resolved' AND person_id IS NOT NULL;
