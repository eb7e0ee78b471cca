-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."products" ("name", "sku")
  SELECT pgrst_body."name", pgrst_body."sku"
  FROM (
    SELECT _."name", _."sku"
    FROM json_to_recordset($1) AS _("name" text, "sku" text)
  ) AS pgrst_body
  RETURNING "products".*
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "products".*
  FROM pgrst_source AS "products"
) AS _ashlar_row;
-- $1 = '[{"sku": "A", "name": "A"}, {"sku": "B", "name": "B"}]'

-- what functions have set for the answer
