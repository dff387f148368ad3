-- Unpaid orders that end by themselves, and the pictures of SKUs.

CREATE TABLE sku_picture (
  code TEXT NOT NULL,
  media_type TEXT NOT NULL,
  bytes BYTEA NOT NULL,
  changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_sku_picture PRIMARY KEY (code),
  CONSTRAINT ck_sku_picture_media_type_known CHECK (media_type IN ('image/svg+xml', 'image/png')),
  CONSTRAINT ck_sku_picture_bytes_few CHECK (octet_length(bytes) <= 65536),
  CONSTRAINT fk_sku_picture_code FOREIGN KEY(code) REFERENCES sku (code)
);

CREATE INDEX ix_orders_unpaid ON orders (placed_at) WHERE status = 'placed' AND NOT mirrored;
