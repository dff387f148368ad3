-- What parcels promise. Each query names what breaks the sentence above it.

-- relabelled_parcels_go_on (entity): A parcel that was relabelled goes on under another number, for the same order.
SELECT p.id FROM parcel p
WHERE /* step: p.id = ANY(:entity) */ true
  AND p.replaced_by IS NOT NULL
  AND NOT EXISTS (
    SELECT FROM parcel q
    WHERE q.id = p.replaced_by AND q.replaced_by IS DISTINCT FROM p.id
      AND (p.order_id IS NULL OR p.order_id = q.order_id));

-- checkpoints_have_parcels (entity): Nothing was scanned of a parcel that is not there.
SELECT c.parcel_id FROM checkpoint c
WHERE /* step: c.parcel_id = ANY(:entity) */ true
  AND NOT EXISTS (SELECT FROM parcel p WHERE p.id = c.parcel_id);
