-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."ledger" ("entry", "id")
  SELECT pgrst_body."entry", pgrst_body."id"
  FROM (
    SELECT _."entry", _."id"
    FROM json_to_record($1) AS _("entry" text, "id" integer)
  ) AS pgrst_body
  RETURNING "ledger".*
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "ledger".*
  FROM pgrst_source AS "ledger"
) AS _ashlar_row;
-- $1 = '{"id": 1, "entry": "kept"}'

-- what functions have set for the answer
