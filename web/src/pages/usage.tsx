// What a workspace has used and what it costs: a month day by day, and the months before.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CoinsIcon } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { DataTable, type Column } from '@/components/data-table';
import { DayChart } from '@/components/day-chart';
import { PageHead } from '@/components/page';
import { Failed } from '@/components/states';
import { Tabs, useTab } from '@/components/tabs';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { NativeSelect } from '@/components/ui/input';
import { Skeleton } from '@/components/ui/skeleton';
import { Table, TableCell, TableHead, TableRow } from '@/components/ui/table';
import { dayNames, daysFrom } from '@/lib/days';
import { useFormat } from '@/lib/format';
import { useListState } from '@/lib/list-state';
import { MICRO, USD } from '@/lib/money';
import { useIs, useWorkspaceId } from '@/lib/queries';
import { pageOf } from '@/lib/table';

type Charge = Schemas['UsageCharge'];
type Month = Schemas['UsageMonth'];

const KINDS = ['question', 'push'] as const;

const useMonthName = () => dayNames(useTranslation().i18n.language, { month: 'long', year: 'numeric' });

const monthsQuery = (workspace: string) => ({
  queryKey: [workspace, 'usage', 'months'],
  queryFn: () => answer(api.GET('/api/v1/usage/months')),
});

/** The month that the address names by its first day, or this one. */
function useMonth() {
  const format = useFormat();
  const { search } = useListState();
  const now = `${format.today().slice(0, 7)}-01`;
  return { now, month: search.day ? `${search.day.slice(0, 7)}-01` : now };
}

const monthQuery = (workspace: string, month: string) => ({
  queryKey: [workspace, 'usage', month],
  queryFn: () => answer(api.GET('/api/v1/usage', { params: { query: { month: month.slice(0, 7) } } })),
});

/** What has the same kind and price, which can change within a month. */
function linesOf(items: Charge[]) {
  const lines = new Map<string, Charge>();
  for (const one of items) {
    const key = `${one.kind}:${one.price_micro}`;
    const line = lines.get(key);
    lines.set(key, {
      ...one,
      quantity: one.quantity + (line?.quantity ?? 0),
      amount_micro: one.amount_micro + (line?.amount_micro ?? 0),
    });
  }
  return [...lines.values()].toSorted(
    (a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.price_micro - b.price_micro,
  );
}

function Sum({ of }: { of: Schemas['UsageOfMonth'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={t('usage.sum')}>
      <Table className="max-sm:[&_:is(th,td)]:px-1.5">
        <caption className="sr-only">{t('usage.sum')}</caption>
        <thead>
          <TableRow>
            <TableHead>{t('usage.kind')}</TableHead>
            {['quantity', 'price', 'amount'].map((name) => (
              <TableHead key={name} className="text-end">
                {t(`usage.${name}`)}
              </TableHead>
            ))}
          </TableRow>
        </thead>
        <tbody className="tabular-nums">
          {linesOf(of.items).map((one) => (
            <TableRow key={`${one.kind}:${one.price_micro}`}>
              <TableCell>{t(`usage.kinds.${one.kind}`)}</TableCell>
              <TableCell className="text-end">{format.number(one.quantity)}</TableCell>
              <TableCell className="text-end">{format.exact(one.price_micro, USD)}</TableCell>
              <TableCell className="text-end">{format.exact(one.amount_micro, USD)}</TableCell>
            </TableRow>
          ))}
          <TableRow className="border-t-2 font-semibold">
            <th scope="row" className="px-4 py-3 text-start">
              {t('usage.sum')}
            </th>
            <TableCell className="text-end">{format.number(of.questions + of.pushes)}</TableCell>
            <TableCell />
            <TableCell className="text-end">{format.exact(of.amount_micro, USD)}</TableCell>
          </TableRow>
        </tbody>
      </Table>
    </div>
  );
}

function Chart({ of }: { of: Schemas['UsageOfMonth'] }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const [year, month] = of.month.split('-').map(Number);
  const days = daysFrom(of.month, new Date(Date.UTC(year!, month!, 0)).getUTCDate());
  const name = dayNames(i18n.language, { day: 'numeric' });
  return (
    <DayChart
      label={t('usage.byDay')}
      days={days.map(name)}
      series={KINDS.map((kind) => ({
        name: t(`usage.kinds.${kind}`),
        values: days.map((day) =>
          of.items.reduce((sum, one) => sum + (one.day === day && one.kind === kind ? one.quantity : 0), 0),
        ),
      }))}
      show={format.number}
    />
  );
}

function MonthCard() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const name = useMonthName();
  const { change } = useListState();
  const { now, month } = useMonth();
  const months = useQuery(monthsQuery(workspace)).data?.items.map((one) => one.month) ?? [];
  const offered = [...new Set([now, month, ...months])].toSorted().toReversed();
  const query = useQuery(monthQuery(workspace, month));
  return (
    <Card className="mb-6" aria-label={name(month)}>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-xl font-semibold">{name(month)}</h2>
        <NativeSelect
          aria-label={t('usage.month')}
          className="h-9 w-auto"
          value={month}
          onChange={({ target }) => change({ day: target.value === now ? undefined : target.value })}
        >
          {offered.map((one) => (
            <option key={one} value={one}>
              {name(one)}
            </option>
          ))}
        </NativeSelect>
      </div>
      {query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Skeleton className="h-72" />
      ) : query.data.items.length === 0 ? (
        <p className="text-sm text-muted-foreground">{t('usage.none')}</p>
      ) : (
        <div className="grid gap-6 *:min-w-0">
          <Sum of={query.data} />
          <Chart of={query.data} />
        </div>
      )}
      <p className="mt-4 text-sm text-muted-foreground">{t('usage.hint')}</p>
    </Card>
  );
}

/** An amount as a column, which a spreadsheet adds up. */
function amountColumn<T>(
  id: string,
  header: string,
  micros: (row: T) => number,
  show: (micros: number) => string,
): Column<T> {
  return {
    id,
    header,
    align: 'end',
    value: (one) => micros(one) / MICRO,
    filter: { kind: 'number' },
    cell: (one) => show(micros(one)),
  };
}

function countColumn<T>(
  id: string,
  header: string,
  value: (row: T) => number,
  show: (count: number) => string,
): Column<T> {
  return { id, header, align: 'end', value, filter: { kind: 'number' }, cell: (one) => show(value(one)) };
}

function Days() {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const { month } = useMonth();
  const columns = useMemo<Column<Charge>[]>(() => {
    const name = dayNames(i18n.language, { dateStyle: 'medium' });
    const money = (micros: number) => format.exact(micros, USD);
    return [
      { id: 'day', header: t('dashboard.day'), value: (one) => one.day, cell: (one) => name(one.day) },
      {
        id: 'kind',
        header: t('usage.kind'),
        value: (one) => one.kind,
        filter: {
          kind: 'choice',
          quick: true,
          all: t('usage.all'),
          options: KINDS.map((value) => ({ value, label: t(`usage.kinds.${value}`) })),
        },
        cell: (one) => t(`usage.kinds.${one.kind}`),
      },
      countColumn('quantity', t('usage.quantity'), (one) => one.quantity, format.number),
      amountColumn('price', `${t('usage.price')} (${USD})`, (one) => one.price_micro, money),
      amountColumn('amount', `${t('usage.amount')} (${USD})`, (one) => one.amount_micro, money),
    ];
  }, [t, i18n.language, format]);
  return (
    <DataTable
      name="usage-days"
      label={t('usage.byDay')}
      columns={columns}
      source={{
        key: [workspace, 'usage', 'days', month],
        load: async (ask) => pageOf((await queries.fetchQuery(monthQuery(workspace, month))).items, ask),
      }}
      rowId={(one) => `${one.day}:${one.kind}:${one.price_micro}`}
      empty={{ title: t('usage.none'), hint: t('usage.noneHint') }}
    />
  );
}

function Months() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const name = useMonthName();
  const { change } = useListState();
  const columns: Column<Month>[] = [
    { id: 'month', header: t('usage.month'), value: (one) => one.month.slice(0, 7), cell: (one) => name(one.month) },
    countColumn('questions', t('usage.kinds.question'), (one) => one.questions, format.number),
    countColumn('pushes', t('usage.kinds.push'), (one) => one.pushes, format.number),
    amountColumn(
      'amount',
      `${t('usage.amount')} (${USD})`,
      (one) => one.amount_micro,
      (micros) => format.exact(micros, USD),
    ),
  ];
  return (
    <DataTable
      name="usage-months"
      label={t('usage.months')}
      columns={columns}
      source={{
        key: [workspace, 'usage', 'months-list'],
        load: async (ask) => pageOf((await queries.fetchQuery(monthsQuery(workspace))).items, ask),
      }}
      rowId={(one) => one.month}
      onRow={(one) => change({ tab: undefined, day: one.month, sort: undefined, f: undefined, q: undefined })}
      empty={{ title: t('usage.none'), hint: t('usage.noneHint') }}
    />
  );
}

export function Usage() {
  const { t } = useTranslation();
  const tab = useTab(['month', 'months']);
  const seesCosts = useIs('admin');
  return (
    <>
      <PageHead title={t('nav.usage')}>
        {seesCosts && (
          <Button asChild variant="outline">
            <Link to="/ai-costs">
              <CoinsIcon aria-hidden />
              {t('nav.aiCosts')}
            </Link>
          </Button>
        )}
      </PageHead>
      <Tabs
        label={t('nav.usage')}
        tabs={[
          { id: 'month', label: t('usage.month') },
          { id: 'months', label: t('usage.months') },
        ]}
      />
      {tab === 'months' ? (
        <Months />
      ) : (
        <>
          <MonthCard />
          <Days />
        </>
      )}
    </>
  );
}
