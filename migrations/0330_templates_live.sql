-- Templates tell open pages what Meta has decided and how customers rate them.
SELECT tells_live('templates', 'template', 'tpl_');
CREATE TRIGGER tell_live_rating AFTER UPDATE OF quality, category, provider_id ON templates FOR EACH ROW
    WHEN (OLD.status = NEW.status
          AND (OLD.quality, OLD.category, OLD.provider_id) IS DISTINCT FROM (NEW.quality, NEW.category, NEW.provider_id))
    EXECUTE FUNCTION tell_live_status('template', 'tpl_');
