-- What history and outbox promise. Each query names what breaks the sentence above it.

-- every_change_has_one_event (event): History and outbox agree row for row, as far back as events go.
SELECT coalesce(h.id, o.id)
FROM (SELECT id, type, version FROM history WHERE /* step: id = ANY(:event) */ true
      AND id >= coalesce((SELECT uuid7_floor(before::timestamp AT TIME ZONE 'UTC') FROM purged
                          WHERE name = 'outbox'), uuid7_floor('1970-01-01 00:00+00'))) h
FULL JOIN (SELECT id, type, version FROM outbox WHERE /* step: id = ANY(:event) */ true) o
  ON o.id = h.id
WHERE h.id IS NULL OR o.id IS NULL OR h.type <> o.type OR h.version <> o.version;

-- every_move_has_one_event (order): Each state an order went through has exactly one event.
SELECT o.id FROM orders o
CROSS JOIN LATERAL (VALUES ('paid', o.paid_at), ('shipped', o.shipped_at),
  ('delivered', o.delivered_at), ('cancelled', o.cancelled_at)) AS s (status, at)
LEFT JOIN history h ON h.entity_id = o.id AND h.type = 'order.' || s.status
WHERE /* step: o.id = ANY(:order) */ true
  AND s.at IS NOT NULL AND NOT o.mirrored
GROUP BY o.id, s.status
HAVING count(h.id) <> 1;

-- partitions_made_ahead (partition): Nothing fell into a default partition.
SELECT 'history_default' WHERE EXISTS (SELECT FROM history_default)
UNION ALL SELECT 'outbox_default' WHERE EXISTS (SELECT FROM outbox_default)
UNION ALL SELECT 'verdict_default' WHERE EXISTS (SELECT FROM verdict_default)
UNION ALL SELECT 'message_default' WHERE EXISTS (SELECT FROM message_default);
