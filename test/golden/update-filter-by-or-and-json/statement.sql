-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  UPDATE "public"."films"
  SET "restored" = pgrst_body."restored"
  FROM (
    SELECT _."restored"
    FROM json_to_record($1) AS _("restored" boolean)
    LIMIT 1
  ) AS pgrst_body
  WHERE ("films"."details"->>$2 = $3 OR "films"."genres" @> $4)
  RETURNING "films"."id"
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."id"
  FROM pgrst_source AS "films"
  ORDER BY "films"."id"
) AS _ashlar_row;
-- $1 = '{"restored": true}'
-- $2 = 'language'
-- $3 = 'ja'
-- $4 = '{romance}'

-- what functions have set for the answer
