-- Movements may be changed again.

DROP FUNCTION movement_append_only() CASCADE;
