-- set search_path = '"public", "public", "extensions"'; role = 'anon'

WITH pgrst_source AS (
  INSERT INTO "public"."tickets" ("holder", "id", "price")
  SELECT pgrst_body."holder", pgrst_body."id", pgrst_body."price"
  FROM (
    SELECT _."holder", _."id", _."price"
    FROM (
      SELECT jsonb_agg(jsonb_build_object('id', nextval('public.tickets_id_seq'), 'price', 9.50) || elem) AS val
      FROM jsonb_array_elements($1) AS elem
    ) AS pgrst_defaults, LATERAL jsonb_to_recordset(pgrst_defaults.val) AS _("holder" text, "id" integer, "price" numeric(6,2))
  ) AS pgrst_body
  RETURNING "tickets".*
)
SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "tickets".*
  FROM pgrst_source AS "tickets"
) AS _ashlar_row;
-- $1 = '[{"holder": "bo"}, {"id": 8, "holder": "cy", "price": 1}]'

-- what functions have set for the answer
