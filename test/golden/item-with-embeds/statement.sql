-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT row_to_json(_ashlar_row.*), encode(substr(sha256(convert_to(row_to_json("films".*)::text, 'UTF8')), 1, 15), 'base64')
FROM "public"."films" CROSS JOIN LATERAL (
  SELECT "films"."title", row_to_json("films_directors_1".*) AS "directors", (
    SELECT coalesce(json_agg("films_roles_1".*), '[]') AS "films_roles_1"
    FROM (
      SELECT "roles_1"."character"
      FROM "public"."roles" AS "roles_1"
      WHERE "roles_1"."film_id" = "films"."id"
    ) AS "films_roles_1"
  ) AS "roles"
  FROM (
    SELECT
  ) AS ashlar_item
  LEFT JOIN LATERAL (
    SELECT "directors_1"."name"
    FROM "public"."directors" AS "directors_1"
    WHERE "directors_1"."id" = "films"."director_id"
  ) AS "films_directors_1" ON TRUE
) AS _ashlar_row
WHERE "films"."id" = $1;
-- $1 = '3'

-- what functions have set for the answer
