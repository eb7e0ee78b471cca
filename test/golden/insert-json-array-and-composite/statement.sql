-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."venues" ("address", "id", "name", "phones")
  SELECT pgrst_body."address", pgrst_body."id", pgrst_body."name", pgrst_body."phones"
  FROM (
    SELECT _."address", _."id", _."name", _."phones"
    FROM json_to_record($1) AS _("address" public.address, "id" integer, "name" text, "phones" text[])
  ) AS pgrst_body
  RETURNING "venues".*
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "venues".*
  FROM pgrst_source AS "venues"
) AS _ashlar_row;
-- $1 = '{"id": 9, "name": "Lux", "address": {"street": "A", "city": "B", "zip": 1}, "phones": ["1", "2,3"]}'

-- what functions have set for the answer
