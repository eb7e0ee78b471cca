-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."labels" ("code", "label", "language")
  SELECT pgrst_body."code", pgrst_body."label", pgrst_body."language"
  FROM (
    SELECT _."code", _."label", _."language"
    FROM json_to_recordset($1) AS _("code" text, "label" text, "language" text)
  ) AS pgrst_body
  RETURNING "labels".*
)
SELECT to_json("code") #>> '{}', to_json("language") #>> '{}'
FROM pgrst_source;
-- $1 = '[{"language": "de", "code": "yes", "label": "ja"}, {"language": "de", "code": "no", "label": "nein"}]'

-- what functions have set for the answer
