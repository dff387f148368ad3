-- Nobody is told more of one order.

DROP FUNCTION more_noted() CASCADE;
