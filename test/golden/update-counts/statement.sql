-- set search_path = '"public", "public", "extensions"'; role = 'anon'

UPDATE "public"."products"
SET "note" = pgrst_body."note"
FROM (
  SELECT _."note"
  FROM json_to_record($1) AS _("note" text)
  LIMIT 1
) AS pgrst_body
WHERE "products"."stock" > $2;
-- $1 = '{"note": "in stock"}'
-- $2 = '0'

-- what functions have set for the answer
