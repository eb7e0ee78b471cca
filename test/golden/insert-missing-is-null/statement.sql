-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."tickets" ("holder", "id", "price")
  SELECT pgrst_body."holder", pgrst_body."id", pgrst_body."price"
  FROM (
    SELECT _."holder", _."id", _."price"
    FROM json_to_recordset($1) AS _("holder" text, "id" integer, "price" numeric(6,2))
  ) AS pgrst_body
  RETURNING "tickets".*
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "tickets".*
  FROM pgrst_source AS "tickets"
) AS _ashlar_row;
-- $1 = '[{"id": 7, "holder": "bo"}]'

-- what functions have set for the answer
