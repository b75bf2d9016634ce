import { useTranslation } from 'react-i18next';
import { Tabs } from './tabs';

export function SocialParts() {
  const { t } = useTranslation();
  return (
    <Tabs
      label={t('nav.social')}
      tabs={[
        { id: 'calendar', label: t('social.calendar') },
        { id: 'contents', label: t('social.contents') },
        { id: 'publications', label: t('social.publications') },
        { id: 'accounts', label: t('social.accounts') },
      ]}
    />
  );
}
