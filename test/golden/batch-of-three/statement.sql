-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."products" ("name", "sku")
  SELECT pgrst_body."name", pgrst_body."sku"
  FROM (
    SELECT _."name", _."sku"
    FROM json_to_record($1) AS _("name" text, "sku" text)
  ) AS pgrst_body
  RETURNING "products".*
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "products".*
  FROM pgrst_source AS "products"
) AS _ashlar_row;
-- $1 = '{"sku":"HAT","name":"Hat"}'

-- what functions have set for the answer

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
-- $2 = 'HAT'

-- what functions have set for the answer

SELECT encode(substr(sha256(convert_to(row_to_json("products".*)::text, 'UTF8')), 1, 15), 'base64')
FROM "public"."products"
WHERE "products"."sku" = $1;
-- $1 = 'HAT'

SAVEPOINT ashlar_read;

-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "products"."sku", "products"."stock"
  FROM "public"."products"
  WHERE "products"."sku" = ANY ($1)
  ORDER BY "products"."sku"
) AS _ashlar_row;
-- $1 = '{"CAP","HAT"}'

-- what functions have set for the answer

RELEASE SAVEPOINT ashlar_read;
