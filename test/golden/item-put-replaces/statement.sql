-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."products" ("name", "price", "sku")
  SELECT pgrst_body."name", pgrst_body."price", $1::text
  FROM (
    SELECT _."name", _."price", _."sku"
    FROM json_to_record($2) AS _("name" text, "price" numeric(8,2), "sku" text)
  ) AS pgrst_body
  WHERE set_config('ashlar.inserted', (coalesce(nullif(current_setting('ashlar.inserted', true), '')::int, 0) + 1)::text, true) IS NOT NULL AND "pgrst_body"."sku" = $3
  ON CONFLICT ("sku") DO UPDATE SET "name" = EXCLUDED."name", "price" = EXCLUDED."price", "stock" = DEFAULT, "note" = DEFAULT
  WHERE set_config('ashlar.inserted', (coalesce(nullif(current_setting('ashlar.inserted', true), '')::int, 0) - 1)::text, true) IS NOT NULL
  RETURNING "products".*
)
SELECT row_to_json(_ashlar_row.*), encode(substr(sha256(convert_to(row_to_json("products".*)::text, 'UTF8')), 1, 15), 'base64')
FROM pgrst_source AS "products" CROSS JOIN LATERAL (
  SELECT "products".*
  FROM (
    SELECT
  ) AS ashlar_item
) AS _ashlar_row;
-- $1 = 'CAP'
-- $2 = '{"sku": "CAP", "name": "Cap", "price": 9}'
-- $3 = 'CAP'

-- what functions have set for the answer
