-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."title", (
    SELECT coalesce(json_agg("films_roles_1".*), '[]') AS "films_roles_1"
    FROM (
      SELECT "roles_1"."character"
      FROM "public"."roles" AS "roles_1"
      WHERE "roles_1"."film_id" = "films"."id" AND ("roles_1"."character" = $1 OR "roles_1"."fee" >= $2)
      ORDER BY "roles_1"."character"
    ) AS "films_roles_1"
  ) AS "roles"
  FROM "public"."films"
  WHERE "films"."id" = ANY ($3)
  ORDER BY "films"."id"
) AS _ashlar_row;
-- $1 = 'Kambei'
-- $2 = '400'
-- $3 = '{"3","5"}'

-- what functions have set for the answer
