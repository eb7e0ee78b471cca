-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "actors"."name"
  FROM "public"."films" AS "ashlar_parent", "public"."actors" AS "actors", "public"."roles" AS "actors_via"
  WHERE "ashlar_parent"."id" = $1 AND "actors"."id" = "actors_via"."actor_id" AND "ashlar_parent"."id" = "actors_via"."film_id"
  ORDER BY "actors"."name"
) AS _ashlar_row;
-- $1 = '3'

-- what functions have set for the answer
