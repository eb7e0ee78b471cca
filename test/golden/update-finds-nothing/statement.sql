-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  UPDATE "public"."products"
  SET "note" = pgrst_body."note"
  FROM (
    SELECT _."note"
    FROM json_to_record($1) AS _("note" text)
    LIMIT 1
  ) AS pgrst_body
  WHERE "products"."sku" = $2
  RETURNING "products".*
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "products".*
  FROM pgrst_source AS "products"
) AS _ashlar_row;
-- $1 = '{"note": "x"}'
-- $2 = 'NONE'

-- what functions have set for the answer
