-- set search_path = '"public", "public", "extensions"'; role = 'anon'

INSERT INTO "public"."products" ("name", "sku", "stock")
SELECT pgrst_body."name", pgrst_body."sku", pgrst_body."stock"
FROM (
  SELECT _."name", _."sku", _."stock"
  FROM json_to_record($1) AS _("name" text, "sku" text, "stock" integer)
) AS pgrst_body;
-- $1 = '{"sku": "A", "name": "A", "stock": -1}'

-- what functions have set for the answer
