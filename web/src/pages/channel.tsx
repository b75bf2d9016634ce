import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { ActivityIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, asItIs } from '@/api/client';
import { Confirm } from '@/components/confirm';
import { Field } from '@/components/field';
import { Fact, Facts, PageHead } from '@/components/page';
import { RecordDialog } from '@/components/record-form';
import { StateBadge } from '@/components/state-badge';
import { Failed, Loading } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { Input } from '@/components/ui/input';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { useOpened } from '@/lib/opened';
import { useIs, useWorkspaceId } from '@/lib/queries';
import { askProvider, readChannel, useChannel, useHealth, type Channel } from './channel-health';
import { RateDialog, TokenDialog } from './channel-change';
import { SetupValues } from './channel-setup';

const LIVE_MS = 10_000;

function Health({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const format = useFormat();
  const health = useHealth(channel);
  const isWhatsApp = channel.kind === 'whatsapp';
  return (
    <Card>
      <CardTitle>{t('channels.health')}</CardTitle>
      <Facts>
        <Fact label={t('channels.lastCheck')}>{health.lastCheck}</Fact>
        {channel.check_detail && <Fact label={t('channels.detail')}>{channel.check_detail}</Fact>}
        {channel.status_reason && <Fact label={t('channels.reason')}>{channel.status_reason}</Fact>}
        {isWhatsApp && <Fact label={t('channels.quality')}>{health.quality}</Fact>}
        {isWhatsApp && <Fact label={t('channels.limit')}>{health.limit}</Fact>}
        <Fact label={t('channels.rate')}>
          {channel.rate == null ? t('channels.rateOfAll') : t('channels.perSecond', { count: channel.rate })}
        </Fact>
        {channel.burst != null && <Fact label={t('channels.burst')}>{format.number(channel.burst)}</Fact>}
        {isWhatsApp && channel.webhook_verified_at && (
          <Fact label={t('channels.verifiedAt')}>{format.moment(channel.webhook_verified_at)}</Fact>
        )}
        <Fact label={t('channels.firstEvent')}>
          {channel.first_event_at ? format.moment(channel.first_event_at) : t('channels.notYet')}
        </Fact>
      </Facts>
    </Card>
  );
}

function Identity({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const format = useFormat();
  const health = useHealth(channel);
  const isWhatsApp = channel.kind === 'whatsapp';
  return (
    <Card>
      <CardTitle>{t('channels.identity')}</CardTitle>
      <Facts>
        <Fact label={t('channels.kind')}>{health.kind}</Fact>
        <Fact label={t('channels.phone')}>
          <bdi dir="ltr">{channel.display_phone ?? '–'}</bdi>
        </Fact>
        {isWhatsApp && <Fact label={t('channels.verified')}>{channel.verified_name ?? '–'}</Fact>}
        <Fact label={t(isWhatsApp ? 'channels.numberId' : 'channels.instanceId')}>
          <bdi dir="ltr">{channel.external_id}</bdi>
        </Fact>
        {isWhatsApp && (
          <Fact label={t('channels.account')}>
            <bdi dir="ltr">{channel.account_id ?? '–'}</bdi>
          </Fact>
        )}
        <Fact label={t('channels.token')}>
          {channel.token_hint ? <bdi dir="ltr">…{channel.token_hint}</bdi> : t('channels.tokenKept')}
        </Fact>
        {channel.rotated_at && <Fact label={t('channels.rotatedAt')}>{format.moment(channel.rotated_at)}</Fact>}
        <Fact label={t('common.created')}>{format.moment(channel.created_at)}</Fact>
      </Facts>
    </Card>
  );
}

/** The webhook's address and its secret, which are shown only to whoever asks: the log notes it. */
function Webhook({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const [isShown, setShown] = useState(false);
  return (
    <Card>
      <CardTitle>{t('channels.webhook')}</CardTitle>
      {isShown ? (
        <SetupValues channel={channel} />
      ) : (
        <>
          <p className="mb-4 text-sm text-muted-foreground">{t('channels.webhookHint')}</p>
          <Button variant="outline" onClick={() => setShown(true)}>
            {t('channels.webhookShow')}
          </Button>
        </>
      )}
    </Card>
  );
}

function DeleteChannel({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const workspace = useWorkspaceId();
  const [typed, setTyped] = useState('');
  const remove = useAct(async () => {
    await api.DELETE('/api/v1/channels/{id}', { params: await asItIs(readChannel, channel.id) });
    // The page goes first: it would ask for what is gone.
    await navigate({ to: '/channels' });
    queries.removeQueries({ queryKey: [workspace, 'channel', channel.id] });
  }, t('channels.isDeleted'));
  return (
    <Confirm
      trigger={
        <Button variant="destructive" onClick={() => setTyped('')}>
          {t('common.delete')}
        </Button>
      }
      title={t('channels.deleteTitle')}
      text={t('channels.deleteText')}
      action={t('common.delete')}
      destructive
      isReady={typed.trim() === channel.name.trim()}
      onConfirm={() => remove.mutateAsync(undefined)}
    >
      <ul className="grid list-disc gap-1.5 ps-5 text-sm">
        <li>{t('channels.deleteWaiting')}</li>
        <li>{t('channels.deleteKept')}</li>
        <li>{t('channels.deleteOutside')}</li>
      </ul>
      <Field label={t('channels.deleteType')} hint={<bdi className="font-medium">{channel.name}</bdi>}>
        <Input dir="auto" autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} />
      </Field>
    </Confirm>
  );
}

function Actions({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const opened = useOpened<Channel>(readChannel);
  const [dialog, setDialog] = useState<'rate' | 'token' | null>(null);
  const params = { path: { id: channel.id } };
  const check = useAct(() => askProvider(channel.id), t('channels.checked'));
  const pause = useAct(() => api.POST('/api/v1/channels/{id}/pause', { params, body: {} }), t('common.done'));
  const resume = useAct(() => api.POST('/api/v1/channels/{id}/resume', { params }), t('common.done'));
  const close = (open: boolean) => !open && setDialog(null);
  return (
    <>
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
      <Button variant="outline" onClick={() => opened.edit(channel.id)}>
        {t('channels.rename')}
      </Button>
      <Button variant="outline" onClick={() => setDialog('rate')}>
        {t('channels.rateChange')}
      </Button>
      <Button variant="outline" onClick={() => setDialog('token')}>
        {t('channels.rotate')}
      </Button>
      <DeleteChannel channel={channel} />
      <RecordDialog
        {...opened.dialog}
        title={t('channels.rename')}
        valuesOf={(one) => ({ name: one.name })}
        groups={[{ fields: [{ name: 'name', label: t('common.name'), hint: t('channels.nameHint'), required: true }] }]}
        save={(values, _, etag) =>
          api.PATCH('/api/v1/channels/{id}', {
            params: { ...params, header: { 'If-Match': etag } },
            body: { name: values.name?.trim() ?? '' },
          })
        }
      />
      <RateDialog channel={channel} open={dialog === 'rate'} onOpenChange={close} />
      <TokenDialog channel={channel} open={dialog === 'token'} onOpenChange={close} />
    </>
  );
}

export function ChannelPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/app/channels/$id' });
  const isAdmin = useIs('admin');
  const query = useChannel(id, LIVE_MS);
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const channel = query.data;
  return (
    <>
      <PageHead
        title={channel.name}
        back={{ to: '/channels', label: t('nav.channels') }}
        badge={<StateBadge state={channel.status} />}
      >
        {isAdmin && <Actions channel={channel} />}
      </PageHead>
      {channel.refused && (
        <p role="alert" className="mb-6 rounded-md border border-destructive p-4 text-sm text-destructive-text">
          {t('channels.refused')}
        </p>
      )}
      {isAdmin && !channel.first_event_at && (
        <div className="mb-6 flex flex-wrap items-center justify-between gap-3 rounded-md border p-4">
          <p className="text-sm">{t('channels.unfinishedText')}</p>
          <Button asChild>
            <Link to="/channels/$id/connect" params={{ id }}>
              {t('channels.finish')}
            </Link>
          </Button>
        </div>
      )}
      <div className="grid items-start gap-6 xl:grid-cols-2">
        <Health channel={channel} />
        <Identity channel={channel} />
        {isAdmin && <Webhook channel={channel} />}
      </div>
    </>
  );
}
