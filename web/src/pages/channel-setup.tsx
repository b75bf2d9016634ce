// The values for the provider's dashboard.

import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { CopyText } from '@/components/copy-text';
import { Failed } from '@/components/states';
import { Skeleton } from '@/components/ui/skeleton';
import type { Channel } from './channel-health';

export function SetupValues({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const query = useQuery({
    // Not among what a change reads again: the log notes each showing.
    queryKey: ['channel-setup', channel.id, channel.rotated_at],
    queryFn: () => answer(api.GET('/api/v1/channels/{id}/setup', { params: { path: { id: channel.id } } })),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });
  if (query.isPending) return <Skeleton className="h-32" />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const { webhook_url, token } = query.data;
  const [address, secret] =
    channel.kind === 'whatsapp'
      ? [t('channels.callback'), t('channels.verifyToken')]
      : [t('channels.greenUrl'), t('channels.greenUrlToken')];
  return (
    <div className="grid gap-4">
      <div className="grid gap-1.5">
        <p className="text-sm font-medium">{address}</p>
        <CopyText label={address} text={webhook_url} />
        {!webhook_url.startsWith('https://') && (
          <p className="text-xs text-muted-foreground">{t('channels.needsHttps')}</p>
        )}
      </div>
      <div className="grid gap-1.5">
        <p className="text-sm font-medium">{secret}</p>
        {token ? (
          <CopyText label={secret} text={token} />
        ) : (
          <p className="text-sm text-muted-foreground">{t('channels.platformToken')}</p>
        )}
      </div>
    </div>
  );
}
