-- set search_path = '"public", "public", "extensions"'; role = 'anon'

INSERT INTO "public"."products" ("name", "price", "sku")
SELECT pgrst_body."name", pgrst_body."price", pgrst_body."sku"
FROM (
  SELECT _."name", _."price", _."sku"
  FROM json_to_record($1) AS _("name" text, "price" numeric(8,2), "sku" text)
) AS pgrst_body
WHERE set_config('ashlar.inserted', (coalesce(nullif(current_setting('ashlar.inserted', true), '')::int, 0) + 1)::text, true) IS NOT NULL
ON CONFLICT ("sku") DO UPDATE SET "name" = EXCLUDED."name", "price" = EXCLUDED."price", "sku" = EXCLUDED."sku"
WHERE set_config('ashlar.inserted', (coalesce(nullif(current_setting('ashlar.inserted', true), '')::int, 0) - 1)::text, true) IS NOT NULL;
-- $1 = '{"sku": "CAP", "name": "Cap", "price": 13}'

-- what functions have set for the answer
