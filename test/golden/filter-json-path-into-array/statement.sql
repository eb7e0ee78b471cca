-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "films"."id", "films"."details"->$1->$2::int->>$3 AS "camera"
  FROM "public"."films"
  WHERE "films"."details"->$1->$2::int->>$4 = $5
) AS _ashlar_row;
-- $1 = 'crew'
-- $2 = '0'
-- $3 = 'name'
-- $4 = 'job'
-- $5 = 'camera'

SELECT nullif(current_setting('response.headers', true), ''), nullif(current_setting('response.status', true), ''), nullif(current_setting('ashlar.inserted', true), '');
