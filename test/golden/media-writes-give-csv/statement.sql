-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."products" ("name", "sku")
  SELECT pgrst_body."name", pgrst_body."sku"
  FROM (
    SELECT _."name", _."sku"
    FROM json_to_record($1) AS _("name" text, "sku" text)
  ) AS pgrst_body
  RETURNING "products"."sku", "products"."name"
)
SELECT replace(substring((_ashlar_row.*)::text, 2, length((_ashlar_row.*)::text) - 2), E'\\\\', E'\\'), CASE WHEN row_number() OVER () = 1 THEN (
  SELECT string_agg(CASE WHEN k ~ E'[",\r\n]' THEN '"' || replace(k, '"', '""') || '"' ELSE k END, ',')
  FROM json_object_keys(row_to_json(_ashlar_row.*)) AS k
) END
FROM (
  SELECT "products"."sku", "products"."name"
  FROM pgrst_source AS "products"
) AS _ashlar_row;
-- $1 = '{"sku": "A", "name": "A, B"}'

-- what functions have set for the answer
