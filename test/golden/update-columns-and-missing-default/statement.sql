-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  UPDATE "public"."products"
  SET "note" = pgrst_body."note", "price" = pgrst_body."price"
  FROM (
    SELECT _."note", _."price"
    FROM jsonb_to_record(jsonb_build_object('price', 10) || $1::jsonb) AS _("note" text, "price" numeric(8,2))
    LIMIT 1
  ) AS pgrst_body
  WHERE "products"."sku" = $2
  RETURNING "products"."sku", "products"."price", "products"."note"
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "products"."sku", "products"."price", "products"."note"
  FROM pgrst_source AS "products"
) AS _ashlar_row;
-- $1 = '{"note": "reset", "stock": 77}'
-- $2 = 'CAP'

-- what functions have set for the answer
