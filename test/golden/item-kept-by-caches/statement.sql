-- set transaction_read_only = 'on'; search_path = '"archive", "public", "extensions"'; role = 'anon'

SELECT row_to_json(_ashlar_row.*)
FROM "archive"."reels" CROSS JOIN LATERAL (
  SELECT "reels".*
  FROM (
    SELECT
  ) AS ashlar_item
) AS _ashlar_row
WHERE "reels"."id" = $1;
-- $1 = '7'

-- what functions have set for the answer
