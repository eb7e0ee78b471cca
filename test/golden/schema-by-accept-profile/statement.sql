-- set transaction_read_only = 'on'; search_path = '"archive", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films".*, (
    SELECT coalesce(json_agg("films_reels_1".*), '[]') AS "films_reels_1"
    FROM (
      SELECT "reels_1"."shelf"
      FROM "archive"."reels" AS "reels_1"
      WHERE "reels_1"."film_id" = "films"."id"
    ) AS "films_reels_1"
  ) AS "reels"
  FROM "archive"."films"
) AS _ashlar_row;

-- what functions have set for the answer
