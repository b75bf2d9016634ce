-- Templates tell open pages what Meta has decided, how a change ended, and how customers rate them.
SELECT tells_live('templates', 'template', 'tpl_');
CREATE TRIGGER tell_live_rating AFTER UPDATE OF quality, category, next_category, provider_id, edit ON templates FOR EACH ROW
    WHEN (OLD.status = NEW.status
          AND (OLD.quality, OLD.category, OLD.next_category, OLD.provider_id, OLD.edit)
              IS DISTINCT FROM (NEW.quality, NEW.category, NEW.next_category, NEW.provider_id, NEW.edit))
    EXECUTE FUNCTION tell_live_status('template', 'tpl_');
