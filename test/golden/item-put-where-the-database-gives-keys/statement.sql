-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  UPDATE "public"."orders"
  SET "sku" = pgrst_body."sku", "quantity" = DEFAULT, "unit_price" = DEFAULT, "placed_at" = DEFAULT
  FROM (
    SELECT _."sku"
    FROM json_to_record($1) AS _("sku" text)
    LIMIT 1
  ) AS pgrst_body
  WHERE "orders"."id" = $2
  RETURNING "orders".*
)
SELECT row_to_json(_ashlar_row.*), encode(substr(sha256(convert_to(row_to_json("orders".*)::text, 'UTF8')), 1, 15), 'base64')
FROM pgrst_source AS "orders" CROSS JOIN LATERAL (
  SELECT "orders".*
  FROM (
    SELECT
  ) AS ashlar_item
) AS _ashlar_row;
-- $1 = '{"sku": "BAG"}'
-- $2 = '1'

-- what functions have set for the answer
