-- What shoppers do by themselves.

CREATE TABLE pickup_station (
  code TEXT NOT NULL, 
  name TEXT NOT NULL, 
  country TEXT NOT NULL, 
  region TEXT, 
  city TEXT NOT NULL, 
  street TEXT NOT NULL, 
  postal_code TEXT, 
  is_open BOOLEAN DEFAULT true NOT NULL, 
  CONSTRAINT pk_pickup_station PRIMARY KEY (code)
);

CREATE INDEX ix_pickup_station_country_city ON pickup_station (country, city);
