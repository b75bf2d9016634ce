import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { Fact, Facts } from '@/components/page';
import { StateBadge } from '@/components/state-badge';
import { Failed } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Dialog, DialogContent, DialogFooter, DialogTitle } from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/skeleton';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { useWorkspaceId } from '@/lib/queries';

const LIVE_MS = 3_000;

function Code({ children }: { children: string }) {
  return (
    <pre
      dir="ltr"
      tabIndex={0}
      className="max-h-64 overflow-auto rounded-md border bg-muted p-3 text-xs whitespace-pre-wrap"
    >
      {children}
    </pre>
  );
}

function Call({ call }: { call: Schemas['EndpointAttempt'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <li className="grid gap-1 border-s-2 ps-3 text-sm">
      <p className="font-medium">
        {format.moment(call.at)} · {call.status_code ?? t('endpoints.noAnswer')} ·{' '}
        {t('prompts.took', { ms: format.number(call.duration_ms) })}
      </p>
      {call.error && (
        <p className="text-destructive-text">
          <bdi>{call.error}</bdi>
        </p>
      )}
      {call.answer && <Code>{call.answer}</Code>}
    </li>
  );
}

/** What was sent to an endpoint, and what it answered to each call. */
export function DeliveryDialog({ id, mayReplay, onClose }: { id: string; mayReplay: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const query = useQuery({
    queryKey: [workspace, 'delivery', id],
    queryFn: () => answer(api.GET('/api/v1/endpoints/deliveries/{id}', { params: { path: { id } } })),
    refetchInterval: (one) => (one.state.data?.state === 'pending' ? LIVE_MS : false),
  });
  const replay = useAct(
    () => api.POST('/api/v1/endpoints/deliveries/{id}/replay', { params: { path: { id } } }),
    t('endpoints.onItsWay'),
  );
  const delivery = query.data;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent className="sm:max-w-2xl" aria-describedby="">
        <DialogTitle>
          <bdi dir="ltr">{delivery?.event_type ?? '…'}</bdi>
        </DialogTitle>
        {query.isError ? (
          <Failed error={query.error} retry={() => void query.refetch()} />
        ) : !delivery ? (
          <Skeleton className="h-48" />
        ) : (
          <>
            <Facts>
              <Fact label={t('common.state')}>
                <StateBadge state={delivery.state} />
              </Fact>
              <Fact label={t('endpoints.happened')}>{format.moment(delivery.created_at)}</Fact>
              {delivery.next_attempt_at && (
                <Fact label={t('endpoints.nextCall')}>{format.moment(delivery.next_attempt_at)}</Fact>
              )}
              <Fact label="webhook-id">
                <bdi dir="ltr" className="font-mono text-xs break-all">
                  {delivery.event_id}
                </bdi>
              </Fact>
            </Facts>
            <section className="grid gap-2">
              <h3 className="text-sm font-semibold">{t('endpoints.calls')}</h3>
              {delivery.log.length === 0 ? (
                <p className="text-sm text-muted-foreground">{t('endpoints.callsNone')}</p>
              ) : (
                <ol className="grid gap-3">
                  {delivery.log.map((call) => (
                    <Call key={call.number} call={call} />
                  ))}
                </ol>
              )}
            </section>
            <section className="grid gap-2">
              <h3 className="text-sm font-semibold">{t('endpoints.body')}</h3>
              <Code>{JSON.stringify(delivery.payload, null, 2)}</Code>
            </section>
          </>
        )}
        {mayReplay && delivery && delivery.state !== 'pending' && (
          <DialogFooter>
            <Button disabled={replay.isPending} onClick={() => replay.mutate(undefined)}>
              {t('endpoints.replay')}
            </Button>
          </DialogFooter>
        )}
      </DialogContent>
    </Dialog>
  );
}
