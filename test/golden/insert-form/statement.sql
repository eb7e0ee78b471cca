-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."products" ("name", "price", "sku")
  SELECT pgrst_body."name", pgrst_body."price", pgrst_body."sku"
  FROM (
    SELECT _."name", _."price", _."sku"
    FROM json_to_record($1) AS _("name" text, "price" numeric(8,2), "sku" text)
  ) AS pgrst_body
  RETURNING "products".*
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "products".*
  FROM pgrst_source AS "products"
) AS _ashlar_row;
-- $1 = '{"sku":"BOX","name":"Tin box","price":"3"}'

-- what functions have set for the answer
