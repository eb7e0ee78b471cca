-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  UPDATE "public"."products"
  SET "stock" = pgrst_body."stock"
  FROM (
    SELECT _."stock"
    FROM json_to_record($1) AS _("stock" integer)
    LIMIT 1
  ) AS pgrst_body
  WHERE "products"."sku" = $2
  RETURNING "products".*
)
SELECT NULL, encode(substr(sha256(convert_to(row_to_json("products".*)::text, 'UTF8')), 1, 15), 'base64')
FROM pgrst_source AS "products" CROSS JOIN LATERAL (
  SELECT "products".*
  FROM (
    SELECT
  ) AS ashlar_item
) AS _ashlar_row;
-- $1 = '{"stock":4}'
-- $2 = 'CAP'

-- what functions have set for the answer

SELECT encode(substr(sha256(convert_to(row_to_json("products".*)::text, 'UTF8')), 1, 15), 'base64')
FROM "public"."products"
WHERE "products"."sku" = $1;
-- $1 = 'CAP'

-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  UPDATE "public"."products"
  SET "stock" = pgrst_body."stock"
  FROM (
    SELECT _."stock"
    FROM json_to_record($1) AS _("stock" integer)
    LIMIT 1
  ) AS pgrst_body
  WHERE "products"."sku" = $2
  RETURNING "products".*
)
SELECT NULL, encode(substr(sha256(convert_to(row_to_json("products".*)::text, 'UTF8')), 1, 15), 'base64')
FROM pgrst_source AS "products" CROSS JOIN LATERAL (
  SELECT "products".*
  FROM (
    SELECT
  ) AS ashlar_item
) AS _ashlar_row;
-- $1 = '{"stock":-1}'
-- $2 = 'CAP'

-- what functions have set for the answer

SELECT encode(substr(sha256(convert_to(row_to_json("products".*)::text, 'UTF8')), 1, 15), 'base64')
FROM "public"."products"
WHERE "products"."sku" = $1;
-- $1 = 'CAP'
