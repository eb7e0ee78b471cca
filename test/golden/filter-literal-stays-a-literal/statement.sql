-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."id"
  FROM "public"."films"
  WHERE "films"."title" = $1
) AS _ashlar_row;
-- $1 = '' or 1=1 --'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');
