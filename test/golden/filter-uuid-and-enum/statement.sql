-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "paints"."id", "paints"."finish"
  FROM "public"."paints"
  WHERE "paints"."finish" = $1 AND "paints"."batch" = $2
) AS _ashlar_row;
-- $1 = 'matt'
-- $2 = '6f1d3a52-0000-4000-8000-000000000001'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');
