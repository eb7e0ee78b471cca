-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "users"."username", (
    SELECT coalesce(json_agg("users_subscribers_1".*), '[]') AS "users_subscribers_1"
    FROM (
      SELECT "users_1"."username"
      FROM "public"."subscribers"(("users".*)::"public"."users") AS "users_1"
      ORDER BY "users_1"."id"
    ) AS "users_subscribers_1"
  ) AS "subscribers", (
    SELECT coalesce(json_agg("users_following_1".*), '[]') AS "users_following_1"
    FROM (
      SELECT "users_1"."username"
      FROM "public"."following"(("users".*)::"public"."users") AS "users_1"
    ) AS "users_following_1"
  ) AS "following"
  FROM "public"."users"
  WHERE "users"."id" = $1
) AS _ashlar_row;
-- $1 = '2'

-- what functions have set for the answer
