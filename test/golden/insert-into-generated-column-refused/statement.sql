-- set search_path = '"public", "public", "extensions"'; role = 'anon'

INSERT INTO "public"."orders" ("sku", "total")
SELECT pgrst_body."sku", pgrst_body."total"
FROM (
  SELECT _."sku", _."total"
  FROM json_to_record($1) AS _("sku" text, "total" numeric(10,2))
) AS pgrst_body;
-- $1 = '{"sku": "CAP", "total": 5}'

-- what functions have set for the answer
