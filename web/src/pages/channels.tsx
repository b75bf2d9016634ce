import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { PlusIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { Fact, Facts, PageHead } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Empty, Failed, Loading } from '@/components/states';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { channelsQuery, useIs, useWorkspaceId } from '@/lib/queries';
import { useHealth } from './channel-health';

function ConnectButton() {
  const { t } = useTranslation();
  return (
    <Button asChild>
      <Link to="/channels/new">
        <PlusIcon aria-hidden />
        {t('channels.connect')}
      </Link>
    </Button>
  );
}

function ChannelCard({ channel }: { channel: Schemas['Channel'] }) {
  const { t } = useTranslation();
  const health = useHealth(channel);
  const isAdmin = useIs('admin');
  const params = { id: channel.id };
  return (
    <Card>
      <CardTitle className="flex flex-wrap items-center gap-3">
        <Link to="/channels/$id" params={params} className="break-words hover:underline">
          {channel.name}
        </Link>
        <StateBadge state={channel.status} />
        {!channel.first_event_at && <Badge tone="waiting">{t('channels.unfinished')}</Badge>}
      </CardTitle>
      {channel.refused && (
        <p role="alert" className="mb-4 text-sm text-destructive-text">
          {t('channels.refused')}
        </p>
      )}
      <Facts>
        <Fact label={t('channels.kind')}>{health.kind}</Fact>
        <Fact label={t('channels.phone')}>
          <bdi dir="ltr">{channel.display_phone ?? channel.external_id}</bdi>
        </Fact>
        <Fact label={t('channels.quality')}>{health.quality}</Fact>
        <Fact label={t('channels.lastCheck')}>{health.lastCheck}</Fact>
      </Facts>
      <div className="mt-6 flex flex-wrap gap-2">
        <Button asChild variant="outline">
          <Link to="/channels/$id" params={params} aria-label={`${t('common.open')}: ${channel.name}`}>
            {t('common.open')}
          </Link>
        </Button>
        {isAdmin && !channel.first_event_at && (
          <Button asChild>
            <Link to="/channels/$id/connect" params={params}>
              {t('channels.finish')}
            </Link>
          </Button>
        )}
      </div>
    </Card>
  );
}

export function Channels() {
  const { t } = useTranslation();
  const isAdmin = useIs('admin');
  const query = useQuery(channelsQuery(useWorkspaceId()));
  return (
    <>
      <PageHead title={t('nav.channels')}>{isAdmin && <ConnectButton />}</PageHead>
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
