-- set search_path = '"public", "public", "extensions"'; role = 'anon'

INSERT INTO "public"."directors" ("id", "name")
SELECT pgrst_body."id", pgrst_body."name"
FROM (
  SELECT _."id", _."name"
  FROM json_to_record($1) AS _("id" integer, "name" text)
) AS pgrst_body;
-- $1 = '{"id": 10, "name": "x"}'

-- what functions have set for the answer
