-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."products" ("name", "sku", "stock")
  SELECT pgrst_body."name", pgrst_body."sku", pgrst_body."stock"
  FROM (
    SELECT _."name", _."sku", _."stock"
    FROM json_to_record($1) AS _("name" text, "sku" text, "stock" integer)
  ) AS pgrst_body
  WHERE set_config('ashlar.inserted', (coalesce(nullif(current_setting('ashlar.inserted', true), '')::int, 0) + 1)::text, true) IS NOT NULL
  ON CONFLICT ("name") DO UPDATE SET "name" = EXCLUDED."name", "sku" = EXCLUDED."sku", "stock" = EXCLUDED."stock"
  WHERE set_config('ashlar.inserted', (coalesce(nullif(current_setting('ashlar.inserted', true), '')::int, 0) - 1)::text, true) IS NOT NULL
  RETURNING "products"."sku", "products"."name", "products"."stock"
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "products"."sku", "products"."name", "products"."stock"
  FROM pgrst_source AS "products"
) AS _ashlar_row;
-- $1 = '{"sku": "TEE2", "name": "T-shirt", "stock": 9}'

-- what functions have set for the answer
