-- Products, price lists, pre-orders.

CREATE TABLE product (
  code TEXT NOT NULL,
  title_zh TEXT NOT NULL,
  title_en TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_product PRIMARY KEY (code),
  CONSTRAINT ck_product_code_canonical CHECK (code = upper(code))
);

ALTER TABLE sku
  ADD COLUMN product TEXT,
  ADD CONSTRAINT fk_sku_product FOREIGN KEY (product) REFERENCES product (code);

CREATE INDEX ix_sku_product ON sku (product);

CREATE TABLE price_list (
  code TEXT NOT NULL,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  currency TEXT NOT NULL,
  is_default BOOLEAN DEFAULT false NOT NULL,
  CONSTRAINT pk_price_list PRIMARY KEY (code),
  CONSTRAINT ck_price_list_code_canonical CHECK (code = upper(code))
);

CREATE UNIQUE INDEX uq_price_list_default ON price_list (currency) WHERE is_default;

CREATE TABLE price (
  id UUID NOT NULL,
  price_list TEXT NOT NULL,
  sku_id UUID NOT NULL,
  price_minor BIGINT NOT NULL,
  valid_from TIMESTAMP WITH TIME ZONE,
  valid_until TIMESTAMP WITH TIME ZONE,
  version INTEGER DEFAULT 1 NOT NULL,
  changed_by TEXT NOT NULL,
  change_reason TEXT NOT NULL,
  changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ring TEXT DEFAULT 'now' NOT NULL,
  CONSTRAINT pk_price PRIMARY KEY (id),
  CONSTRAINT uq_price_price_list_sku_id_valid_from
    UNIQUE NULLS NOT DISTINCT (price_list, sku_id, valid_from),
  CONSTRAINT ck_price_price_not_negative CHECK (price_minor >= 0),
  CONSTRAINT ck_price_until_after_from CHECK (valid_until > valid_from),
  CONSTRAINT ck_price_ring_known CHECK (ring IN ('now', 'then', 'never')),
  CONSTRAINT fk_price_price_list FOREIGN KEY (price_list) REFERENCES price_list (code),
  CONSTRAINT fk_price_sku_id FOREIGN KEY (sku_id) REFERENCES sku (id)
);

CREATE INDEX ix_price_sku_id ON price (sku_id);

CREATE TABLE preorder (
  sku_id UUID NOT NULL,
  warehouse TEXT NOT NULL,
  units INTEGER NOT NULL,
  arrived INTEGER DEFAULT 0 NOT NULL,
  release_at TIMESTAMP WITH TIME ZONE NOT NULL,
  deposit_minor BIGINT,
  balance_hours INTEGER NOT NULL,
  ended_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_preorder PRIMARY KEY (sku_id),
  CONSTRAINT ck_preorder_arrived_within_units CHECK (arrived BETWEEN 0 AND units),
  CONSTRAINT ck_preorder_deposit_positive CHECK (deposit_minor > 0),
  CONSTRAINT ck_preorder_balance_hours_positive CHECK (balance_hours > 0),
  CONSTRAINT fk_preorder_sku_id FOREIGN KEY (sku_id) REFERENCES sku (id)
);

CREATE INDEX ix_preorder_release_at ON preorder (release_at) WHERE ended_at IS NULL;

-- Pre-orders whose balance is not asked for yet.
CREATE INDEX ix_orders_balance ON orders (balance_from)
WHERE balance_from IS NOT NULL AND balance_until IS NULL AND standing = 'open';
