import { useTab } from '@/components/tabs';
import { SocialAccounts } from './social-accounts';
import { SocialCalendar } from './social-calendar';
import { SocialContents } from './social-contents';
import { SocialPublications } from './social-publications';

export function Social() {
  const tab = useTab(['calendar', 'contents', 'publications', 'accounts']);
  if (tab === 'contents') return <SocialContents />;
  if (tab === 'publications') return <SocialPublications />;
  if (tab === 'accounts') return <SocialAccounts />;
  return <SocialCalendar />;
}
