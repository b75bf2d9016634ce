// Credits, which a business has paid in advance for messages: the balance, buying more, and the ledger.

import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { timeColumn } from '@/components/columns';
import { CreditFacts, CreditPrices, useLedgerColumns } from '@/components/credits';
import { DataTable, type Column } from '@/components/data-table';
import { Fact, Facts, PageHead } from '@/components/page';
import { RecordDialog } from '@/components/record-form';
import { Empty, Failed, Loading } from '@/components/states';
import { Tabs, useTab } from '@/components/tabs';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { Skeleton } from '@/components/ui/skeleton';
import { useAct } from '@/lib/act';
import { creditsQuery, ENTRY_KINDS, packsQuery, readCredits, topUpQuery, type Credits as Balance } from '@/lib/credits';
import { useFormat } from '@/lib/format';
import { useWorkspaceId } from '@/lib/queries';

type TopUp = Schemas['TopUp'];

/** How often the page asks whether the payment page is there. */
const LOOK_MS = 1_000;
/** Then it gives up. */
const MOST_MS = 2 * 60_000;

/** Goes to the payment page of a top-up as soon as there is one. */
function useCheckout() {
  const workspace = useWorkspaceId();
  const [id, setId] = useState<string | null>(null);
  const [fault, setFault] = useState<'notOpened' | 'slow' | null>(null);
  const query = useQuery({
    ...topUpQuery(workspace, id ?? ''),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data?.status === 'requested' && state.status !== 'error' ? LOOK_MS : false),
  });
  const { url, status } = (id && query.data) || {};
  const isOpening = id !== null && !query.isError;
  const go = (to: string | null, why: typeof fault = null) => {
    setId(to);
    setFault(why);
  };
  useEffect(() => {
    if (!url) return;
    // Whoever comes back finds the page as it was left.
    const leave = () => go(null);
    window.addEventListener('pagehide', leave);
    location.assign(url);
    return () => window.removeEventListener('pagehide', leave);
  }, [url]);
  useEffect(() => {
    if (status === 'ended') go(null, 'notOpened');
  }, [status]);
  useEffect(() => {
    if (!isOpening) return;
    const timer = setTimeout(() => go(null, 'slow'), MOST_MS);
    return () => clearTimeout(timer);
  }, [isOpening]);
  return { isOpening, fault, query, open: (of: string) => go(of) };
}

function Packs({ checkout }: { checkout: ReturnType<typeof useCheckout> }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const query = useQuery(packsQuery(workspace));
  const buy = useAct(async (pack_id: string) => {
    const made = await answer(api.POST('/api/v1/credits/top-ups', { body: { pack_id } }));
    checkout.open(made.id);
  });
  const isBusy = buy.isPending || checkout.isOpening;
  return (
    <Card aria-label={t('credits.packs')}>
      <CardTitle>{t('credits.packs')}</CardTitle>
      {query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Skeleton className="h-32" />
      ) : !query.data.items.length ? (
        <p className="text-sm text-muted-foreground">{t('credits.packsNone')}</p>
      ) : (
        <ul className="grid gap-3 sm:grid-cols-2">
          {query.data.items.map((pack) => (
            <li key={pack.id} className="flex flex-col gap-3 rounded-md border p-4">
              <div>
                <p className="font-semibold">
                  <bdi>{pack.name}</bdi>
                </p>
                <p className="text-sm text-muted-foreground">
                  {t('credits.count', { shown: format.number(pack.credits) })}
                </p>
              </div>
              <div className="mt-auto flex flex-wrap items-center justify-between gap-2">
                <span className="text-lg font-semibold tabular-nums">
                  {format.money(pack.amount_minor, pack.currency)}
                </span>
                <Button
                  disabled={isBusy}
                  aria-label={t('credits.buyPack', { name: pack.name })}
                  onClick={() => buy.mutate(pack.id)}
                >
                  {t('credits.buy')}
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
      {checkout.query.isError && <Failed error={checkout.query.error} retry={() => void checkout.query.refetch()} />}
      <p role="status" className="mt-3 text-sm text-muted-foreground empty:hidden">
        {isBusy ? t('credits.opening') : checkout.fault ? t(`credits.${checkout.fault}`) : ''}
      </p>
    </Card>
  );
}

function BalanceCard({ of }: { of: Balance }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [isOpen, setOpen] = useState(false);
  const query = useQuery(creditsQuery(useWorkspaceId()));
  const isLow = of.low_mark > 0 && of.available < of.low_mark;
  return (
    <Card aria-label={t('credits.balance')}>
      <CardTitle className="flex flex-wrap items-center justify-between gap-2">
        {t('credits.balance')}
        <Button variant="outline" size="sm" onClick={() => setOpen(true)}>
          {t('credits.setMark')}
        </Button>
      </CardTitle>
      <CreditFacts of={of} />
      <div className="mt-4">
        <Facts>
          <Fact label={t('credits.mark')}>{of.low_mark ? format.number(of.low_mark) : t('credits.noMark')}</Fact>
        </Facts>
      </div>
      {isLow && (
        <p role="status" className="mt-4 rounded-md border border-amber-500 p-3 text-sm">
          {t('credits.low', { mark: format.number(of.low_mark) })}
        </p>
      )}
      <RecordDialog
        open={isOpen}
        onOpenChange={setOpen}
        title={t('credits.setMark')}
        of={query.data}
        read={readCredits}
        valuesOf={(now) => ({ mark: String(now.low_mark) })}
        groups={[
          {
            fields: [
              {
                name: 'mark',
                label: t('credits.mark'),
                hint: t('credits.markHint'),
                kind: 'number',
                required: true,
                pointer: 'low_mark',
              },
            ],
          },
        ]}
        save={({ mark }, _, etag) =>
          api.PATCH('/api/v1/credits', {
            params: { header: { 'If-Match': etag } },
            body: { low_mark: Number(mark) },
          })
        }
      />
    </Card>
  );
}

function Ledger() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const columns = useLedgerColumns(true);
  return (
    <DataTable
      name="credit-entries"
      label={t('credits.ledger')}
      columns={columns}
      source={{
        key: [workspace, 'credits', 'entries'],
        load: ({ filters, limit, cursor }) => {
          const kind = ENTRY_KINDS.find((one) => one === filters.kind);
          return answer(api.GET('/api/v1/credits/entries', { params: { query: { kind, limit, cursor } } }));
        },
      }}
      rowId={(one) => one.id}
      empty={{ title: t('credits.ledgerNone'), hint: t('credits.ledgerNoneHint') }}
    />
  );
}

const TONES = { requested: 'waiting', open: 'busy', paid: 'good', ended: 'neutral' } as const;

function TopUps() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const columns = useMemo<Column<TopUp>[]>(
    () => [
      timeColumn('created', t('credits.when'), format.moment, (one) => one.created_at),
      {
        id: 'name',
        header: t('credits.pack'),
        value: (one) => one.name,
        cell: (one) => <bdi className="font-medium">{one.name}</bdi>,
      },
      {
        id: 'credits',
        header: t('credits.credits'),
        align: 'end',
        value: (one) => one.credits,
        cell: (one) => format.number(one.credits),
      },
      {
        id: 'price',
        header: t('credits.price'),
        align: 'end',
        value: (one) => one.amount_minor,
        cell: (one) => format.money(one.amount_minor, one.currency),
      },
      {
        id: 'status',
        header: t('common.state'),
        value: (one) => one.status,
        cell: (one) => (
          <span className="inline-flex flex-wrap items-center gap-2">
            <Badge tone={TONES[one.status]}>{t(`credits.statuses.${one.status}`)}</Badge>
            {one.url && (
              <a href={one.url} aria-label={`${t('credits.pay')}: ${one.name}`} className="text-primary-text underline">
                {t('credits.pay')}
              </a>
            )}
            {one.ended_why && <bdi className="text-sm text-muted-foreground">{one.ended_why}</bdi>}
          </span>
        ),
      },
      {
        id: 'returned',
        header: t('credits.returned'),
        align: 'end',
        value: (one) => one.returned,
        cell: (one) => (one.returned ? format.number(one.returned) : '–'),
      },
    ],
    [t, format],
  );
  return (
    <DataTable
      name="credit-top-ups"
      label={t('credits.topUps')}
      columns={columns}
      source={{
        key: [workspace, 'credits', 'top-ups'],
        load: ({ limit, cursor }) =>
          answer(api.GET('/api/v1/credits/top-ups', { params: { query: { limit, cursor } } })),
      }}
      rowId={(one) => one.id}
      empty={{ title: t('credits.topUpsNone'), hint: t('credits.topUpsNoneHint') }}
    />
  );
}

export function Credits() {
  const { t } = useTranslation();
  const query = useQuery(creditsQuery(useWorkspaceId()));
  const tab = useTab(['ledger', 'purchases']);
  const checkout = useCheckout();
  // Stripe leads back here.
  const [isBack] = useState(() => new URLSearchParams(location.search).has('bought'));
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const credits = query.data.data;
  const isOff = !credits.prepaid && credits.available + credits.reserved + credits.spent + credits.owed === 0;
  return (
    <>
      <PageHead title={t('nav.credits')} />
      {isOff ? (
        <Empty title={t('credits.off')} hint={t('credits.offHint')} />
      ) : (
        <>
          {isBack && (
            <p role="status" className="mb-6 rounded-md border border-primary p-3 text-sm">
              {t('credits.bought')}
            </p>
          )}
          <div className="mb-6 grid items-start gap-6 *:min-w-0 xl:grid-cols-2">
            <BalanceCard of={credits} />
            {credits.can_buy && <Packs checkout={checkout} />}
            <Card aria-label={t('credits.prices')}>
              <CardTitle>{t('credits.prices')}</CardTitle>
              <CreditPrices prices={credits.prices} />
            </Card>
          </div>
          <Tabs
            label={t('nav.credits')}
            tabs={[
              { id: 'ledger', label: t('credits.ledger') },
              { id: 'purchases', label: t('credits.topUps') },
            ]}
          />
          {tab === 'purchases' ? <TopUps /> : <Ledger />}
        </>
      )}
    </>
  );
}
