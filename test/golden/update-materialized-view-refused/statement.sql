-- set search_path = '"public", "public", "extensions"'; role = 'anon'

UPDATE "public"."director_films"
SET "films" = pgrst_body."films"
FROM (
  SELECT _."films"
  FROM json_to_record($1) AS _("films" bigint)
  LIMIT 1
) AS pgrst_body
WHERE "director_films"."director_id" = $2;
-- $1 = '{"films": 1}'
-- $2 = '1'

-- what functions have set for the answer
