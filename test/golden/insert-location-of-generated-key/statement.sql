-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."orders" ("quantity", "sku")
  SELECT pgrst_body."quantity", pgrst_body."sku"
  FROM (
    SELECT _."quantity", _."sku"
    FROM json_to_record($1) AS _("quantity" integer, "sku" text)
  ) AS pgrst_body
  RETURNING "orders".*
)
SELECT to_json("id") #>> '{}'
FROM pgrst_source;
-- $1 = '{"sku": "CAP", "quantity": 2}'

-- what functions have set for the answer
