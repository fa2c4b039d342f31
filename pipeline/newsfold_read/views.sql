-- The tables of a newsfold warehouse, and the usual questions, for DuckDB. `newsfold views` fills in the warehouse.
-- Columns that a file of an earlier contract lacks are null. `day` is a date.

-- Which texts were copied by most outlets on a day:
--   FROM copied_texts WHERE day = current_date - 1 ORDER BY n_outlets DESC, n_copies DESC, copy_id LIMIT 20;
CREATE OR REPLACE VIEW copied_texts AS
SELECT c.day, c.copy_id, o.outlet_id AS from_outlet_id, c.n_outlets, c.n_copies, s.story_id, s.title, s.url
FROM (
  SELECT day, copy_id, any_value(story_id) AS story_id, count(DISTINCT outlet_id) AS n_outlets, count(*) AS n_copies
  FROM memberships WHERE kind IN ('exact', 'near', 'excerpt', 'expanded') GROUP BY day, copy_id
) c JOIN memberships o ON o.article_id = c.copy_id JOIN stories s ON s.story_id = c.story_id;

-- Who was first with each story, by the order of its members (day of delivery, then time of publication):
--   FROM first_with_story WHERE day = current_date - 1 ORDER BY n_articles DESC, story_id;
CREATE OR REPLACE VIEW first_with_story AS
SELECT s.day, s.story_id, m.article_id AS first_id, m.outlet_id AS first_outlet_id, m.published_at, m.published_precision,
  s.n_articles, s.title, s.url
FROM stories s JOIN memberships m ON m.article_id = s.members[1];

-- How a story grew hour by hour (UTC; null where the hour of publication is not known):
--   FROM story_growth('20260305a1b2…') ORDER BY hour;
CREATE OR REPLACE MACRO story_growth(story) AS TABLE
SELECT hour, n_articles, n_outlets, CAST(sum(n_articles) OVER (ORDER BY hour NULLS LAST) AS BIGINT) AS n_so_far
FROM (
  SELECT CASE WHEN published_precision <> 'day' THEN make_timestamp(epoch_us(published_at) // 3600000000 * 3600000000) END AS hour,
    count(*) AS n_articles, count(DISTINCT outlet_id) AS n_outlets
  FROM memberships
  WHERE story_id = story AND kind NOT IN ('refetch', 'revision') AND day >= strptime(left(story, 8), '%Y%m%d')::DATE
  GROUP BY ALL
);

-- All articles of an outlet, with the canonical article of their story:
--   FROM outlet_articles WHERE outlet_id = 'example.com' AND day >= DATE '2026-03-01' ORDER BY day, article_id;
CREATE OR REPLACE VIEW outlet_articles AS
SELECT m.day, m.outlet_id, m.article_id, m.kind, m.published_at, m.story_id, s.canonical_id, s.n_articles, s.title, s.url
FROM memberships m JOIN stories s ON s.story_id = m.story_id;

-- Stories in a language whose title, label or keywords have all words:
--   FROM stories_about('en', 'ferry strike') ORDER BY n_outlets DESC, story_id;
CREATE OR REPLACE MACRO stories_about(tongue, words) AS TABLE
SELECT day, story_id, n_articles, n_outlets, title, label, url, keywords
FROM stories
WHERE list_contains(languages, tongue)
  AND len(list_filter(string_split(lower(words), ' '),
    lambda word: NOT contains(lower(concat_ws(' ', title, label, array_to_string(keywords, ' '))), word))) = 0;
