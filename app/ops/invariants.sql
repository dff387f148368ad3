-- What the product promises about its own rows; each query counts what breaks the sentence above it.

-- events_have_verdicts: Every handled event that implies news has its verdict, or was told before.
SELECT count(*) FROM history h
JOIN outbox b ON b.id = h.id AND b.state = 'done'
JOIN (VALUES ('order.placed', 'order_placed'), ('order.paid', 'order_paid'),
             ('order.shipped', 'order_shipped'), ('order.delivered', 'order_delivered'),
             ('order.cancelled', 'order_cancelled'),
             ('parcel.out_for_delivery', 'out_for_delivery')) AS n (type, notice) ON n.type = h.type
JOIN orders o ON o.id = CASE WHEN h.entity = 'order' THEN h.entity_id
                             ELSE (h.new ->> 'order_id')::uuid END
WHERE h.ring <> 'never'
  AND EXISTS (SELECT FROM person p WHERE p.id = o.person_id)
  AND NOT EXISTS (SELECT FROM verdict v WHERE v.order_id = o.id AND v.notice = n.notice);

-- told_matches_verdicts: Nobody has more verdicts than tellings that were marked as told for good.
SELECT count(*) FROM (
  SELECT person_id FROM (
    SELECT person_id, 1 AS units FROM verdict
    UNION ALL SELECT person_id, -1 FROM told) both_sides
  GROUP BY person_id HAVING sum(units) > 0) people;

-- verdicts_have_messages: What may go out has a message, what may not has none.
SELECT count(*) FROM verdict v
WHERE (v.answer <> 'skip') <> EXISTS (SELECT FROM message m WHERE m.verdict_id = v.id);

-- messages_have_verdicts: No message was queued that nobody decided.
SELECT count(*) FROM message m WHERE NOT EXISTS (SELECT FROM verdict v WHERE v.id = m.verdict_id);

-- messages_settle: Every message is queued, in a worker's hands, or at its end.
SELECT count(*) FROM message
WHERE (state IN ('sent', 'unknown', 'failed', 'expired', 'cancelled')) <> (settled_at IS NOT NULL)
   OR (state = 'sending' AND not_before < clock_timestamp() - interval '10 minutes');

-- one_message_an_address: A verdict writes to an address once.
SELECT count(*) FROM (
  SELECT verdict_id, channel, address FROM message
  GROUP BY verdict_id, channel, address HAVING count(*) > 1) doubles;

-- bells_wait: No bell that was held was sent before its time.
SELECT count(*) FROM verdict v JOIN message m ON m.verdict_id = v.id
WHERE v.answer = 'wait' AND m.channel <> 'inapp' AND m.state = 'sent' AND m.settled_at < v.until;

-- inbox_holds_what_was_sent: Every message that reached an inbox can be opened there.
SELECT count(*) FROM message m
WHERE m.channel = 'inapp' AND m.state = 'sent'
  AND NOT EXISTS (SELECT FROM inbox_item i WHERE i.id = m.id);
