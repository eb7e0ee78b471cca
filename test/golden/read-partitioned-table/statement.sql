-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "box_office".*
  FROM "public"."box_office"
  WHERE "box_office"."day" >= $1
  ORDER BY "box_office"."day", "box_office"."film_id"
) AS _ashlar_row;
-- $1 = '2024-01-01'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');
