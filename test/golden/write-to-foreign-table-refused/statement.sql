-- set search_path = '"public", "public", "extensions"'; role = 'anon'

INSERT INTO "public"."premieres" ("id")
SELECT pgrst_body."id"
FROM (
  SELECT _."id"
  FROM json_to_record($1) AS _("id" integer)
) AS pgrst_body;
-- $1 = '{"id": 3}'

-- what functions have set for the answer
