// What is known of a channel, in words.

import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, tagged, type Schemas } from '@/api/client';
import { useFormat } from '@/lib/format';
import { useWorkspaceId } from '@/lib/queries';

export type Channel = Schemas['Channel'];

export const readChannel = (id: string) => tagged(api.GET('/api/v1/channels/{id}', { params: { path: { id } } }));

export const askProvider = (id: string) =>
  answer(api.POST('/api/v1/channels/{id}/check', { params: { path: { id } } }));

/** The channel, read again every so often: checks and webhooks come by themselves. */
export function useChannel(id: string, everyMs: number) {
  const workspace = useWorkspaceId();
  return useQuery({
    queryKey: [workspace, 'channel', id],
    queryFn: async () => (await readChannel(id)).data,
    refetchInterval: everyMs,
  });
}

/** Meta writes `TIER_250`, `TIER_10K` or `TIER_UNLIMITED`. */
function tierOf(limit: string) {
  const [, digits, thousands] = /^TIER_(\d+)(K?)$/.exec(limit) ?? [];
  return digits ? Number(digits) * (thousands ? 1_000 : 1) : null;
}

export function useHealth(channel: Channel) {
  const { t } = useTranslation();
  const format = useFormat();
  const { quality_rating: quality, messaging_limit: limit, checked_at, check_state: state } = channel;
  const tier = limit ? tierOf(limit) : null;
  return {
    kind: t(`channels.kinds.${channel.kind}`, { defaultValue: channel.kind }),
    provider: channel.kind === 'whatsapp' ? 'Meta' : 'Green API',
    quality: quality ? t(`channels.qualities.${quality.toLowerCase()}`, { defaultValue: quality }) : '–',
    limit: tier
      ? t('channels.limitOf', { count: tier, shown: format.number(tier) })
      : limit === 'TIER_UNLIMITED'
        ? t('channels.unlimited')
        : (limit ?? '–'),
    lastCheck: checked_at
      ? [format.moment(checked_at), state && t(`channels.checks.${state}`, { defaultValue: state })]
          .filter(Boolean)
          .join(' · ')
      : t('channels.never'),
  };
}
