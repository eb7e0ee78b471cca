-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."products" ("name", "sku")
  SELECT pgrst_body."name", pgrst_body."sku"
  FROM (
    SELECT _."name", _."sku"
    FROM json_to_recordset($1) AS _("name" text, "sku" text)
  ) AS pgrst_body
  ON CONFLICT ("sku") DO NOTHING
  RETURNING "products"."sku"
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "products"."sku"
  FROM pgrst_source AS "products"
) AS _ashlar_row;
-- $1 = '[{"sku": "CAP", "name": "Cap"}, {"sku": "MUG", "name": "Mug"}]'

-- what functions have set for the answer
