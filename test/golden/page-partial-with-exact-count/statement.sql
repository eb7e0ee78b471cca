-- set role = anon; search_path = "public", "public", "extensions"; transaction_read_only = on

SELECT row_to_json(_ashlar_row.*), (
  SELECT count(*)
  FROM "public"."films"
)
FROM (
  SELECT "films"."id"
  FROM "public"."films"
  ORDER BY "films"."id"
  LIMIT $1
  OFFSET $2
) AS _ashlar_row;
-- $1 = '2'
-- $2 = '0'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');
