-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."products" ("name", "note", "sku", "stock")
  SELECT pgrst_body."name", pgrst_body."note", pgrst_body."sku", pgrst_body."stock"
  FROM (
    SELECT _."name", _."note", _."sku", _."stock"
    FROM json_to_recordset($1) AS _("name" text, "note" text, "sku" text, "stock" integer)
  ) AS pgrst_body
  RETURNING "products"."sku", "products"."name", "products"."stock", "products"."note"
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "products"."sku", "products"."name", "products"."stock", "products"."note"
  FROM pgrst_source AS "products"
  ORDER BY "products"."sku"
) AS _ashlar_row;
-- $1 = '[{"sku":"PIN","name":"Pin, round","stock":"5","note":null},{"sku":"PEN","name":"Pen","stock":"6","note":""}]'

-- what functions have set for the answer
