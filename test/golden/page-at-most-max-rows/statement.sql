-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."id", (
    SELECT coalesce(json_agg("films_roles_1".*), '[]') AS "films_roles_1"
    FROM (
      SELECT "roles_1"."actor_id"
      FROM "public"."roles" AS "roles_1"
      WHERE "roles_1"."film_id" = "films"."id"
      ORDER BY "roles_1"."actor_id"
      LIMIT 3
    ) AS "films_roles_1"
  ) AS "roles"
  FROM "public"."films"
  ORDER BY "films"."id"
  LIMIT 3
) AS _ashlar_row;

-- what functions have set for the answer
