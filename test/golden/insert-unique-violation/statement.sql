-- set search_path = '"public", "public", "extensions"'; role = 'anon'

INSERT INTO "public"."products" ("name", "sku")
SELECT pgrst_body."name", pgrst_body."sku"
FROM (
  SELECT _."name", _."sku"
  FROM json_to_record($1) AS _("name" text, "sku" text)
) AS pgrst_body;
-- $1 = '{"sku": "CAP", "name": "Another cap"}'

-- what functions have set for the answer
