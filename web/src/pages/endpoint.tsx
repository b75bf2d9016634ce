import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import { answer, api, asItIs, type Schemas } from '@/api/client';
import { statusColumn, timeColumn } from '@/components/columns';
import { Confirm } from '@/components/confirm';
import { DataTable, type Column } from '@/components/data-table';
import { Fact, Facts, PageHead } from '@/components/page';
import { RecordDialog } from '@/components/record-form';
import { StateBadge } from '@/components/state-badge';
import { Failed, Loading } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { useIs, useWorkspaceId } from '@/lib/queries';
import { DeliveryDialog } from './endpoint-delivery';
import { EndpointSecret, readEndpoint, useEventTypes } from './endpoint-form';
import { stateOfEndpoint } from './endpoints';

type Delivery = Schemas['EndpointDelivery'];
type State = Schemas['DeliveryState'];

const STATES: State[] = ['pending', 'succeeded', 'failed', 'cancelled'];
const LIVE_MS = 5_000;

function SendTest({ id }: { id: string }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const types = useEventTypes(isOpen);
  return (
    <>
      <Button variant="outline" onClick={() => setOpen(true)}>
        {t('endpoints.test')}
      </Button>
      <RecordDialog
        open={isOpen}
        onOpenChange={setOpen}
        needs={types}
        title={t('endpoints.test')}
        hint={t('endpoints.testHint')}
        action={t('endpoints.test')}
        done={t('endpoints.onItsWay')}
        initial={{ type: types.data?.[0] ?? '' }}
        groups={[
          {
            fields: [
              {
                name: 'type',
                label: t('endpoints.event'),
                kind: 'choice',
                options: types.data?.map((value) => ({ value, label: value })),
              },
            ],
          },
        ]}
        save={(values) =>
          api.POST('/api/v1/endpoints/{id}/test', {
            params: { path: { id } },
            body: { event_type: values.type ?? '' },
          })
        }
      />
    </>
  );
}

function ReplaySince({ id }: { id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="outline" onClick={() => setOpen(true)}>
        {t('endpoints.replaySince')}
      </Button>
      <RecordDialog
        open={isOpen}
        onOpenChange={setOpen}
        title={t('endpoints.replaySince')}
        hint={t('endpoints.replaySinceHint')}
        action={t('endpoints.replay')}
        done=""
        initial={{ since: `${format.today()}T00:00` }}
        groups={[
          {
            fields: [{ name: 'since', label: t('endpoints.since'), kind: 'datetime-local', required: true }],
          },
        ]}
        save={async (values) => {
          const [day = '', time = ''] = (values.since ?? '').split('T');
          const { deliveries } = await answer(
            api.POST('/api/v1/endpoints/{id}/replay', {
              params: { path: { id } },
              body: { since: format.at(day, time) },
            }),
          );
          toast.success(t('endpoints.replayed', { shown: format.number(deliveries) }));
        }}
      />
    </>
  );
}

function Deliveries({ id, isOn }: { id: string; isOn: boolean }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const [shown, setShown] = useState<string | null>(null);
  const columns = useMemo<Column<Delivery>[]>(
    () => [
      timeColumn('created', t('endpoints.happened'), format.moment, (one) => one.created_at),
      {
        id: 'type',
        header: t('endpoints.event'),
        value: (one) => one.event_type,
        filter: { kind: 'text' },
        cell: (one) => (
          <bdi dir="ltr" className="font-medium">
            {one.event_type}
          </bdi>
        ),
      },
      statusColumn(t, t('common.state'), t('endpoints.deliveriesAll'), STATES, 'state'),
      {
        id: 'attempts',
        header: t('endpoints.calls'),
        align: 'end',
        value: (one) => one.attempts,
        cell: (one) => format.number(one.attempts),
      },
      timeColumn('next', t('endpoints.nextCall'), format.moment, (one) => one.next_attempt_at),
      timeColumn('ended', t('endpoints.ended'), format.moment, (one) => one.ended_at, true),
    ],
    [t, format],
  );
  return (
    <>
      <DataTable
        name="deliveries"
        label={t('endpoints.deliveries')}
        columns={columns}
        source={{
          key: [workspace, 'deliveries', id],
          every: LIVE_MS,
          load: ({ limit, cursor, filters }) =>
            answer(
              api.GET('/api/v1/endpoints/deliveries', {
                params: { query: { endpoint_id: id, state: filters.state as State | undefined, limit, cursor } },
              }),
            ),
        }}
        rowId={(one) => one.id}
        onRow={(one) => setShown(one.id)}
        empty={{ title: t('endpoints.deliveriesNone'), hint: t('endpoints.deliveriesHint') }}
      />
      {shown && <DeliveryDialog id={shown} mayReplay={isOn} onClose={() => setShown(null)} />}
    </>
  );
}

export function EndpointPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/app/endpoints/$id' });
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const [secret, setSecret] = useState<string | null>(null);
  const query = useQuery({
    queryKey: [workspace, 'endpoint', id],
    queryFn: async () => (await readEndpoint(id)).data,
    refetchInterval: LIVE_MS,
  });
  const rotate = useAct(async () => {
    const made = await answer(api.POST('/api/v1/endpoints/{id}/rotate-secret', { params: { path: { id } } }));
    setSecret(made.secret);
  });
  const turn = useAct(
    async (enabled: boolean) =>
      api.PATCH('/api/v1/endpoints/{id}', { params: await asItIs(readEndpoint, id), body: { enabled } }),
    t('common.saved'),
  );
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const endpoint = query.data;
  return (
    <>
      <PageHead
        title={endpoint.description || new URL(endpoint.url).host}
        back={{ to: '/endpoints', label: t('nav.endpoints') }}
        badge={<StateBadge state={stateOfEndpoint(endpoint)} />}
      >
        {maySave && (
          <>
            {endpoint.enabled && <SendTest id={id} />}
            {endpoint.enabled && <ReplaySince id={id} />}
            <Confirm
              trigger={<Button variant="outline">{t('endpoints.rotate')}</Button>}
              title={t('endpoints.rotateTitle')}
              text={t('endpoints.rotateText')}
              action={t('endpoints.rotate')}
              onConfirm={() => rotate.mutateAsync(undefined)}
            />
            <Button
              variant={endpoint.enabled ? 'outline' : 'default'}
              disabled={turn.isPending}
              onClick={() => turn.mutate(!endpoint.enabled)}
            >
              {t(endpoint.enabled ? 'endpoints.switchOff' : 'endpoints.switchOn')}
            </Button>
          </>
        )}
      </PageHead>
      {endpoint.stopped && (
        <p role="alert" className="mb-6 rounded-md border border-destructive p-4 text-sm text-destructive-text">
          {t(`endpoints.stopped.${endpoint.stopped}`)}
        </p>
      )}
      <Card className="mb-6">
        <Facts>
          <Fact label={t('endpoints.url')}>
            <bdi dir="ltr" className="break-all">
              {endpoint.url}
            </bdi>
          </Fact>
          <Fact label={t('endpoints.events')}>
            <bdi dir="ltr">{endpoint.event_types?.join(', ') ?? t('table.all')}</bdi>
          </Fact>
          <Fact label={t('common.created')}>{format.moment(endpoint.created_at)}</Fact>
          {endpoint.failing_since && (
            <Fact label={t('endpoints.failing')}>{format.moment(endpoint.failing_since)}</Fact>
          )}
          {endpoint.old_secret_until && (
            <Fact label={t('endpoints.oldSecret')}>{format.moment(endpoint.old_secret_until)}</Fact>
          )}
        </Facts>
      </Card>
      <Deliveries id={id} isOn={maySave && endpoint.enabled} />
      <EndpointSecret secret={secret} onKept={() => setSecret(null)} />
    </>
  );
}
