-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."labels" ("code", "label", "language")
  SELECT pgrst_body."code", pgrst_body."label", pgrst_body."language"
  FROM (
    SELECT _."code", _."label", _."language"
    FROM json_to_record($1) AS _("code" text, "label" text, "language" text)
  ) AS pgrst_body
  WHERE set_config('ashlar.inserted', (coalesce(nullif(current_setting('ashlar.inserted', true), '')::int, 0) + 1)::text, true) IS NOT NULL AND "pgrst_body"."language" = $2 AND "pgrst_body"."code" = $3
  ON CONFLICT ("language", "code") DO UPDATE SET "code" = EXCLUDED."code", "label" = EXCLUDED."label", "language" = EXCLUDED."language"
  WHERE set_config('ashlar.inserted', (coalesce(nullif(current_setting('ashlar.inserted', true), '')::int, 0) - 1)::text, true) IS NOT NULL
  RETURNING "labels".*
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "labels".*
  FROM pgrst_source AS "labels"
) AS _ashlar_row;
-- $1 = '{"language": "fr", "code": "yes", "label": "ouais"}'
-- $2 = 'fr'
-- $3 = 'yes'

-- what functions have set for the answer
