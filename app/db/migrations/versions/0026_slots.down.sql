-- Messages that give nothing back.

DROP TRIGGER message_gives_slot_back ON message;
DROP FUNCTION give_slot_back();
ALTER TABLE message DROP COLUMN displaced_by;
ALTER TABLE message DROP COLUMN entry;
