-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."orders" ("quantity", "sku", "unit_price")
  SELECT pgrst_body."quantity", pgrst_body."sku", pgrst_body."unit_price"
  FROM (
    SELECT _."quantity", _."sku", _."unit_price"
    FROM json_to_record($1) AS _("quantity" integer, "sku" text, "unit_price" numeric(8,2))
  ) AS pgrst_body
  RETURNING "orders".*
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "orders".*
  FROM pgrst_source AS "orders"
) AS _ashlar_row;
-- $1 = '{"sku": "CAP", "quantity": 3, "unit_price": 2.5}'

-- what functions have set for the answer
