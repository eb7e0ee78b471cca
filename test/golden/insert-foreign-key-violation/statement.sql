-- set search_path = '"public", "public", "extensions"'; role = 'anon'

INSERT INTO "public"."awards" ("film_id", "id", "name")
SELECT pgrst_body."film_id", pgrst_body."id", pgrst_body."name"
FROM (
  SELECT _."film_id", _."id", _."name"
  FROM json_to_record($1) AS _("film_id" integer, "id" integer, "name" text)
) AS pgrst_body;
-- $1 = '{"id": 30, "film_id": 99, "name": "x"}'

-- what functions have set for the answer
