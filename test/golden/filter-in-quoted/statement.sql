-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "odd ""name"", 100%"."select"
  FROM "public"."odd ""name"", 100%"
  WHERE "odd ""name"", 100%"."e.f" = ANY ($1)
  ORDER BY "odd ""name"", 100%"."select"
) AS _ashlar_row;
-- $1 = '{"x,y","dot"}'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');
