-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT row_to_json(_ashlar_row.*), encode(substr(sha256(convert_to(row_to_json("films".*)::text, 'UTF8')), 1, 15), 'base64')
FROM "public"."films" CROSS JOIN LATERAL (
  SELECT "films"."id", "films"."title"
  FROM (
    SELECT
  ) AS ashlar_item
) AS _ashlar_row
WHERE "films"."id" = $1;
-- $1 = '3'

-- what functions have set for the answer
