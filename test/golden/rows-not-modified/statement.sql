-- set transaction_read_only = 'on'; search_path = '"archive", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "reels"."id"
  FROM "archive"."reels"
) AS _ashlar_row;

-- what functions have set for the answer
