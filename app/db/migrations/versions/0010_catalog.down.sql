-- SKUs without products.

ALTER TABLE sku DROP COLUMN product;
