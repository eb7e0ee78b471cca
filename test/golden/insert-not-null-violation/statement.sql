-- set search_path = '"public", "public", "extensions"'; role = 'anon'

INSERT INTO "public"."products" ("sku")
SELECT pgrst_body."sku"
FROM (
  SELECT _."sku"
  FROM json_to_record($1) AS _("sku" text)
) AS pgrst_body;
-- $1 = '{"sku": "A"}'

-- what functions have set for the answer
