-- set search_path = '"public", "public", "extensions"'; role = 'authenticated'

INSERT INTO "public"."directors" ("born", "id", "name")
SELECT pgrst_body."born", pgrst_body."id", pgrst_body."name"
FROM (
  SELECT _."born", _."id", _."name"
  FROM json_to_record($1) AS _("born" date, "id" integer, "name" text)
) AS pgrst_body;
-- $1 = '{"id": 10, "name": "Chantal Akerman", "born": "1950-06-06"}'

-- what functions have set for the answer
