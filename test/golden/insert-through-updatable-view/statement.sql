-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."film_cards" ("id", "title", "year")
  SELECT pgrst_body."id", pgrst_body."title", pgrst_body."year"
  FROM (
    SELECT _."id", _."title", _."year"
    FROM json_to_record($1) AS _("id" integer, "title" text, "year" integer)
  ) AS pgrst_body
  RETURNING "film_cards".*
)
SELECT to_json("id") #>> '{}'
FROM pgrst_source;
-- $1 = '{"id": 50, "title": "News from Home", "year": 1977}'

-- what functions have set for the answer
