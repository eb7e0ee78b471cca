-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  UPDATE "public"."film_cards"
  SET "year" = pgrst_body."year"
  FROM (
    SELECT _."year"
    FROM json_to_record($1) AS _("year" integer)
    LIMIT 1
  ) AS pgrst_body
  WHERE "film_cards"."id" = $2
  RETURNING "film_cards"."title", "film_cards"."year", "film_cards"."id"
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "film_cards"."title", "film_cards"."year"
  FROM pgrst_source AS "film_cards"
) AS _ashlar_row;
-- $1 = '{"year": 1986}'
-- $2 = '2'

-- what functions have set for the answer
