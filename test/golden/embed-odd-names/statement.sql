-- set transaction_read_only = 'on'; search_path = '"public", "public", "extensions"'; role = 'anon'

-- what functions have set for the answer

SELECT row_to_json(_ashlar_row.*)
FROM (
  SELECT "odd child"."id", "odd child"."parent, id", row_to_json("odd child_odd ""name"", 100%_1".*) AS "odd ""name"", 100%"
  FROM "public"."odd child"
  LEFT JOIN LATERAL (
    SELECT "odd ""name"", 100%_1"."a b"
    FROM "public"."odd ""name"", 100%" AS "odd ""name"", 100%_1"
    WHERE "odd ""name"", 100%_1"."select" = "odd child"."parent, id"
  ) AS "odd child_odd ""name"", 100%_1" ON TRUE
  ORDER BY "odd child"."id"
) AS _ashlar_row;

-- what functions have set for the answer
