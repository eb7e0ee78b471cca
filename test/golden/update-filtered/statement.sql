-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  UPDATE "public"."products"
  SET "note" = pgrst_body."note", "price" = pgrst_body."price"
  FROM (
    SELECT _."note", _."price"
    FROM json_to_record($1) AS _("note" text, "price" numeric(8,2))
    LIMIT 1
  ) AS pgrst_body
  WHERE "products"."stock" = $2
  RETURNING "products".*
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "products".*
  FROM pgrst_source AS "products"
) AS _ashlar_row;
-- $1 = '{"note": "on its way", "price": 19.99}'
-- $2 = '0'

-- what functions have set for the answer
