-- What the product promises about its own rows. Each query names what breaks the sentence above it.

-- events_have_verdicts (news): Every handled event that implies news has its verdict, or was told before.
SELECT h.id FROM history h
JOIN outbox b ON b.id = h.id AND b.state = 'done'
JOIN (VALUES ('order.placed', 'order_placed'), ('order.paid', 'order_paid'),
             ('order.shipped', 'order_shipped'), ('order.delivered', 'order_delivered'),
             ('order.cancelled', 'order_cancelled'),
             ('parcel.out_for_delivery', 'out_for_delivery')) AS n (type, notice) ON n.type = h.type
JOIN orders o ON o.id = CASE WHEN h.entity = 'order' THEN h.entity_id
                             ELSE (h.new ->> 'order_id')::uuid END
WHERE /* step: h.id = ANY(:news) */ true
  AND h.ring <> 'never'
  AND EXISTS (SELECT FROM person p WHERE p.id = o.person_id)
  AND NOT EXISTS (SELECT FROM verdict v WHERE v.order_id = o.id AND v.notice = n.notice);

-- told_matches_verdicts (night): Nobody has more verdicts than tellings that were marked as told for good.
SELECT person_id FROM (
  SELECT person_id, 1 AS units FROM verdict
  UNION ALL SELECT person_id, -1 FROM told) both_sides
GROUP BY person_id HAVING sum(units) > 0;

-- verdicts_have_messages (verdict): What may go out has a message, what may not has none.
SELECT v.id FROM verdict v
WHERE /* step: v.id = ANY(:verdict) */ true
  AND (v.answer <> 'skip') <> EXISTS (SELECT FROM message m WHERE m.verdict_id = v.id);

-- messages_have_verdicts (message): No message was queued that nobody decided.
SELECT m.id FROM message m
WHERE /* step: m.id = ANY(:message) */ true
  AND NOT EXISTS (SELECT FROM verdict v WHERE v.id = m.verdict_id);

-- messages_settle (message): Every message is queued, in a worker's hands, or at its end.
SELECT m.id FROM message m
WHERE /* step: m.id = ANY(:message) */ true
  AND ((m.state IN ('sent', 'unknown', 'failed', 'expired', 'cancelled'))
         <> (m.settled_at IS NOT NULL)
    OR (m.state = 'sending' AND m.not_before < clock_timestamp() - interval '10 minutes'));

-- one_message_an_address (verdict): A verdict writes to an address once.
SELECT m.verdict_id FROM message m
WHERE /* step: m.verdict_id = ANY(:verdict) */ true
GROUP BY m.verdict_id, m.channel, m.address HAVING count(*) > 1;

-- bells_wait (message): No bell that was held was sent before its time.
SELECT m.id FROM message m JOIN verdict v ON v.id = m.verdict_id
WHERE /* step: m.id = ANY(:message) */ true
  AND v.answer = 'wait' AND m.channel <> 'inapp' AND m.state = 'sent' AND m.settled_at < v.until;

-- inbox_holds_what_was_sent (message): Every message that reached an inbox can be opened there.
SELECT m.id FROM message m
WHERE /* step: m.id = ANY(:message) */ true
  AND m.channel = 'inapp' AND m.state = 'sent'
  AND NOT EXISTS (SELECT FROM inbox_item i WHERE i.id = m.id);
