-- set search_path = '"public", "public", "extensions"'; role = 'anon'

INSERT INTO "public"."prolific_directors" ("director_id", "films")
SELECT pgrst_body."director_id", pgrst_body."films"
FROM (
  SELECT _."director_id", _."films"
  FROM json_to_record($1) AS _("director_id" integer, "films" bigint)
) AS pgrst_body;
-- $1 = '{"director_id": 1, "films": 9}'

-- what functions have set for the answer
