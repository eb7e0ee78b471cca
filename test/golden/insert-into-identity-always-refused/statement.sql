-- set search_path = '"public", "public", "extensions"'; role = 'anon'

INSERT INTO "public"."orders" ("id", "sku")
SELECT pgrst_body."id", pgrst_body."sku"
FROM (
  SELECT _."id", _."sku"
  FROM json_to_record($1) AS _("id" integer, "sku" text)
) AS pgrst_body;
-- $1 = '{"id": 7, "sku": "CAP"}'

-- what functions have set for the answer
