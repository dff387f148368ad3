-- Back to movements that do not say who wrote them.

ALTER TABLE movement DROP COLUMN written_in;

CREATE INDEX ix_movement_sku_id_warehouse ON movement (sku_id, warehouse);
