-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."products" ("name", "sku")
  SELECT pgrst_body."name", $1::text
  FROM (
    SELECT _."name", _."sku"
    FROM json_to_record($2) AS _("name" text, "sku" text)
  ) AS pgrst_body
  WHERE set_config('ashlar.inserted', (coalesce(nullif(current_setting('ashlar.inserted', true), '')::int, 0) + 1)::text, true) IS NOT NULL AND "pgrst_body"."sku" = $3
  ON CONFLICT ("sku") DO UPDATE SET "name" = EXCLUDED."name", "price" = DEFAULT, "stock" = DEFAULT, "note" = DEFAULT
  WHERE set_config('ashlar.inserted', (coalesce(nullif(current_setting('ashlar.inserted', true), '')::int, 0) - 1)::text, true) IS NOT NULL
  RETURNING "products".*
)
SELECT NULL, encode(substr(sha256(convert_to(row_to_json("products".*)::text, 'UTF8')), 1, 15), 'base64')
FROM pgrst_source AS "products" CROSS JOIN LATERAL (
  SELECT "products".*
  FROM (
    SELECT
  ) AS ashlar_item
) AS _ashlar_row;
-- $1 = 'CAP'
-- $2 = '{"sku": "HAT", "name": "Hat"}'
-- $3 = 'CAP'

-- what functions have set for the answer

-- set search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT encode(substr(sha256(convert_to(row_to_json("products".*)::text, 'UTF8')), 1, 15), 'base64')
FROM "public"."products"
WHERE "products"."sku" = $1;
-- $1 = 'CAP'
