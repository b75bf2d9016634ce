import { useQuery } from '@tanstack/react-query';
import { ActivityIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { Confirm } from '@/components/confirm';
import { Fact, Facts, PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Empty, Failed, Loading } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { channelsQuery, useIs, useWorkspaceId } from '@/lib/queries';

function ChannelCard({ channel }: { channel: Schemas['Channel'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const isAdmin = useIs('admin');
  const stateOf = (state?: string | null) => state && t(`channels.checks.${state}`, { defaultValue: state });
  const params = { path: { id: channel.id } };
  const check = useAct(() => answer(api.POST('/api/v1/channels/{id}/check', { params })), t('channels.checked'));
  const pause = useAct(() => api.POST('/api/v1/channels/{id}/pause', { params, body: {} }), t('common.done'));
  const resume = useAct(() => api.POST('/api/v1/channels/{id}/resume', { params }), t('common.done'));
  return (
    <Card>
      <CardTitle className="flex flex-wrap items-center gap-3">
        {channel.name}
        <StateBadge state={channel.status} />
      </CardTitle>
      {channel.refused && (
        <p role="alert" className="mb-4 text-sm text-destructive-text">
          {t('channels.refused')}
        </p>
      )}
      <Facts>
        <Fact label={t('channels.kind')}>{t(`channels.kinds.${channel.kind}`, { defaultValue: channel.kind })}</Fact>
        <Fact label={t('channels.phone')}>
          <bdi dir="ltr">{channel.display_phone ?? channel.external_id}</bdi>
        </Fact>
        <Fact label={t('channels.verified')}>{channel.verified_name ?? '–'}</Fact>
        <Fact label={t('channels.quality')}>
          {channel.quality_rating
            ? t(`channels.qualities.${channel.quality_rating.toLowerCase()}`, { defaultValue: channel.quality_rating })
            : '–'}
        </Fact>
        <Fact label={t('channels.rate')}>
          {channel.rate == null ? '–' : t('channels.perSecond', { count: channel.rate })}
        </Fact>
        <Fact label={t('channels.lastCheck')}>
          {channel.checked_at
            ? [format.moment(channel.checked_at), stateOf(channel.check_state)].filter(Boolean).join(' · ')
            : t('channels.never')}
        </Fact>
        {channel.check_detail && <Fact label={t('channels.detail')}>{channel.check_detail}</Fact>}
        {channel.status_reason && <Fact label={t('channels.reason')}>{channel.status_reason}</Fact>}
      </Facts>
      {isAdmin && (
        <div className="mt-6 flex flex-wrap gap-2">
          <Button variant="outline" disabled={check.isPending} onClick={() => check.mutate(undefined)}>
            <ActivityIcon aria-hidden />
            {t('channels.check')}
          </Button>
          {channel.status === 'active' ? (
            <Confirm
              trigger={<Button variant="outline">{t('channels.pause')}</Button>}
              title={t('channels.pauseTitle')}
              text={t('channels.pauseText')}
              action={t('channels.pause')}
              destructive
              onConfirm={() => pause.mutateAsync(undefined)}
            />
          ) : (
            <Button disabled={resume.isPending} onClick={() => resume.mutate(undefined)}>
              {t('channels.resume')}
            </Button>
          )}
        </div>
      )}
    </Card>
  );
}

export function Channels() {
  const { t } = useTranslation();
  const query = useQuery(channelsQuery(useWorkspaceId()));
  return (
    <>
      <PageHead title={t('nav.channels')} />
      {query.isPending ? (
        <Loading />
      ) : query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : query.data.items.length === 0 ? (
        <Card>
          <Empty title={t('channels.none')} hint={t('channels.noneHint')} />
        </Card>
      ) : (
        <div className="grid gap-6 xl:grid-cols-2">
          {query.data.items.map((channel) => (
            <ChannelCard key={channel.id} channel={channel} />
          ))}
        </div>
      )}
    </>
  );
}
