-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT row_to_json(_ashlar_row.*), encode(substr(sha256(convert_to(row_to_json("directors".*)::text, 'UTF8')), 1, 15), 'base64')
FROM "public"."films" AS "ashlar_parent", "public"."directors" AS "directors" CROSS JOIN LATERAL (
  SELECT "directors"."name"
  FROM (
    SELECT
  ) AS ashlar_item
) AS _ashlar_row
WHERE "ashlar_parent"."id" = $1 AND "directors"."id" = "ashlar_parent"."director_id";
-- $1 = '3'

-- what functions have set for the answer
