-- The domain of AI sums its calls by day itself, so analytics no longer counts them a second time.
DROP TRIGGER count_ai ON ai_calls;
DROP FUNCTION count_ai();
SET LOCAL ROLE kazi_platform;
DELETE FROM figure_changes WHERE figure = 'ai';
DELETE FROM figures_daily WHERE figure = 'ai';
RESET ROLE;
