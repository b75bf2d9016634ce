import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { BudgetBadge } from '@/components/budget-badge';
import { timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { DayChart } from '@/components/day-chart';
import { Fact, Facts, PageHead } from '@/components/page';
import { RecordDialog } from '@/components/record-form';
import { Failed } from '@/components/states';
import { Tabs, useTab } from '@/components/tabs';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { NativeSelect } from '@/components/ui/input';
import { Skeleton } from '@/components/ui/skeleton';
import { Table, TableCell, TableHead, TableRow } from '@/components/ui/table';
import { dayNames, daysFrom, shifted } from '@/lib/days';
import { useFormat } from '@/lib/format';
import { MICRO, USD } from '@/lib/money';
import { useIs, useWorkspaceId } from '@/lib/queries';
import { CallDialog, OutcomeBadge, PURPOSES } from './ai-call';

type Call = Schemas['AiCall'];
type Usage = Schemas['AiUsage'];

/** The longest span that the API sums is 92 days. */
const SPANS = [7, 30, 90];

function Budget() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const [isOpen, setOpen] = useState(false);
  const query = useQuery({
    queryKey: [workspace, 'ai-budget'],
    queryFn: () => answer(api.GET('/api/v1/ai/budget')),
  });
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (query.isPending) return <Skeleton className="mb-6 h-32" />;
  const budget = query.data;
  return (
    <Card className="mb-6" aria-label={t('aiCosts.budget')}>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-2">
        <h2 className="flex items-center gap-2 text-xl font-semibold">
          {t('aiCosts.budget')}
          {budget.limit_micro != null && <BudgetBadge state={budget.state} />}
        </h2>
        {maySave && (
          <Button variant="outline" onClick={() => setOpen(true)}>
            {t('aiCosts.setBudget')}
          </Button>
        )}
      </div>
      <Facts>
        <Fact label={t('aiCosts.spent')}>{format.exact(budget.spent_micro, USD)}</Fact>
        <Fact label={t('aiCosts.limit')}>
          {budget.limit_micro == null ? t('aiCosts.noLimit') : format.micros(budget.limit_micro, USD)}
        </Fact>
        <Fact label={t('aiCosts.atLimit')}>{t(`aiCosts.atLimits.${budget.at_limit}`)}</Fact>
      </Facts>
      <RecordDialog
        open={isOpen}
        onOpenChange={setOpen}
        title={t('aiCosts.setBudget')}
        hint={t('aiCosts.budgetHint')}
        initial={{
          limit: budget.limit_micro == null ? '' : String(budget.limit_micro / MICRO),
          at_limit: budget.at_limit,
        }}
        groups={[
          {
            fields: [
              {
                name: 'limit',
                label: `${t('aiCosts.limit')} (${USD})`,
                hint: t('aiCosts.limitHint'),
                kind: 'number',
                step: 'any',
                pointer: 'limit_micro',
              },
              {
                name: 'at_limit',
                label: t('aiCosts.atLimit'),
                kind: 'choice',
                options: (['cheaper', 'menu'] as const).map((value) => ({
                  value,
                  label: t(`aiCosts.atLimits.${value}`),
                })),
              },
            ],
          },
        ]}
        save={(values) =>
          api.PUT('/api/v1/ai/budget', {
            body: {
              limit_micro: values.limit ? Math.round(Number(values.limit) * MICRO) : null,
              at_limit: values.at_limit as Schemas['AiAtLimit'],
            },
          })
        }
      />
    </Card>
  );
}

/** Sums of the rows that have the same of something, the dearest first. */
function sumsBy(items: Usage[], of: (one: Usage) => string) {
  const sums = new Map<string, { name: string; calls: number; failed: number; tokens: number; cost: number }>();
  for (const one of items) {
    const name = of(one);
    const sum = sums.get(name) ?? { name, calls: 0, failed: 0, tokens: 0, cost: 0 };
    sum.calls += one.calls;
    sum.failed += one.failed;
    sum.tokens += one.prompt_tokens + one.completion_tokens;
    sum.cost += one.cost_micro;
    sums.set(name, sum);
  }
  return [...sums.values()].toSorted((a, b) => b.cost - a.cost);
}

function Sums({ title, sums }: { title: string; sums: ReturnType<typeof sumsBy> }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Card className="overflow-x-auto" aria-label={title} tabIndex={0}>
      <CardTitle>{title}</CardTitle>
      {sums.length === 0 ? (
        <p className="text-sm text-muted-foreground">{t('aiCosts.none')}</p>
      ) : (
        <Table>
          <thead>
            <TableRow>
              <TableHead>{title}</TableHead>
              {['calls', 'failed', 'tokens', 'cost'].map((name) => (
                <TableHead key={name} className="text-end">
                  {t(`aiCosts.${name}`)}
                </TableHead>
              ))}
            </TableRow>
          </thead>
          <tbody>
            {sums.map((one) => (
              <TableRow key={one.name}>
                <TableCell>
                  <bdi className="break-words">{one.name}</bdi>
                </TableCell>
                {[one.calls, one.failed, one.tokens].map((value, index) => (
                  <TableCell key={index} className="text-end tabular-nums">
                    {format.number(value)}
                  </TableCell>
                ))}
                <TableCell className="text-end tabular-nums">{format.exact(one.cost, USD)}</TableCell>
              </TableRow>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}

function Sum() {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const [span, setSpan] = useState(30);
  const until = format.today();
  const from = shifted(until, 1 - span);
  const query = useQuery({
    queryKey: [workspace, 'ai-usage', from, until],
    queryFn: () => answer(api.GET('/api/v1/ai/usage', { params: { query: { from, until } } })),
  });
  const days = daysFrom(from, span);
  const name = dayNames(i18n.language, { day: 'numeric', month: 'short' });
  const items = query.data?.items ?? [];
  const byDay = new Map(sumsBy(items, (one) => one.day).map((one) => [one.name, one.cost]));
  const costs = days.map((day) => byDay.get(day) ?? 0);
  return (
    <>
      <Budget />
      {query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : (
        <>
          <Card className="mb-6" aria-label={t('aiCosts.byDay')}>
            <div className="mb-4 flex flex-wrap items-center justify-between gap-2">
              <h2 className="text-xl font-semibold">{t('aiCosts.byDay')}</h2>
              <NativeSelect
                aria-label={t('dashboard.period')}
                className="h-9 w-auto"
                value={String(span)}
                onChange={(event) => setSpan(Number(event.target.value))}
              >
                {SPANS.map((one) => (
                  <option key={one} value={one}>
                    {t('dashboard.lastDays', { days: format.number(one) })}
                  </option>
                ))}
              </NativeSelect>
            </div>
            {query.isPending ? (
              <Skeleton className="h-72" />
            ) : (
              <>
                <p className="mb-4 text-sm text-muted-foreground">
                  {t('aiCosts.total', {
                    cost: format.exact(query.data.cost_micro, USD),
                    calls: format.number(query.data.calls),
                  })}
                </p>
                {query.data.calls > 0 && (
                  <DayChart
                    label={t('aiCosts.byDay')}
                    days={days.map(name)}
                    series={[{ name: t('aiCosts.cost'), values: costs }]}
                    show={(value) => format.exact(value, USD)}
                  />
                )}
              </>
            )}
          </Card>
          <div className="grid items-start gap-6 xl:grid-cols-2">
            <Sums title={t('aiCosts.model')} sums={sumsBy(items, (one) => one.model)} />
            <Sums
              title={t('aiCosts.purpose')}
              sums={sumsBy(items, (one) => t(`aiCosts.purposes.${one.purpose}`, { defaultValue: one.purpose }))}
            />
          </div>
        </>
      )}
    </>
  );
}

function Calls() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const [shown, setShown] = useState<string | null>(null);
  const columns = useMemo<Column<Call>[]>(
    () => [
      timeColumn('at', t('aiCosts.at'), format.moment, (one) => one.at),
      {
        id: 'purpose',
        header: t('aiCosts.purpose'),
        value: (one) => one.purpose,
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('aiCosts.all'),
          options: PURPOSES.map((value) => ({ value, label: t(`aiCosts.purposes.${value}`) })),
        },
        cell: (one) => t(`aiCosts.purposes.${one.purpose}`, { defaultValue: one.purpose }),
      },
      {
        id: 'model',
        header: t('aiCosts.model'),
        value: (one) => one.model_served ?? one.model_asked,
        filter: { kind: 'text' },
        cell: (one) => <bdi dir="ltr">{one.model_served ?? one.model_asked}</bdi>,
      },
      {
        id: 'outcome',
        header: t('common.state'),
        value: (one) => one.outcome,
        filter: { kind: 'text' },
        cell: (one) => <OutcomeBadge outcome={one.outcome} />,
      },
      {
        id: 'tokens',
        header: t('aiCosts.tokens'),
        align: 'end',
        value: (one) => one.prompt_tokens + one.completion_tokens,
        cell: (one) => format.number(one.prompt_tokens + one.completion_tokens),
      },
      {
        id: 'took',
        header: t('aiCosts.took'),
        align: 'end',
        value: (one) => one.latency_ms,
        cell: (one) => t('prompts.took', { ms: format.number(one.latency_ms) }),
      },
      {
        id: 'cost',
        header: t('aiCosts.cost'),
        align: 'end',
        value: (one) => one.cost_micro / MICRO,
        cell: (one) => format.exact(one.cost_micro, USD),
      },
      {
        id: 'conversation',
        header: t('nav.inbox'),
        cell: (one) =>
          one.conversation_id ? (
            <Link
              to="/inbox"
              search={{ open: one.conversation_id }}
              className="text-primary-text underline-offset-4 hover:underline"
            >
              {t('common.open')}
            </Link>
          ) : (
            '–'
          ),
      },
    ],
    [t, format],
  );
  return (
    <>
      <DataTable
        name="ai-calls"
        label={t('aiCosts.calls')}
        columns={columns}
        source={{
          key: [workspace, 'ai-calls'],
          load: ({ limit, cursor, filters }) =>
            answer(api.GET('/api/v1/ai/calls', { params: { query: { purpose: filters.purpose, limit, cursor } } })),
        }}
        rowId={(one) => one.id}
        onRow={(one) => setShown(one.id)}
        empty={{ title: t('aiCosts.none'), hint: t('aiCosts.noneHint') }}
      />
      <CallDialog id={shown} onClose={() => setShown(null)} />
    </>
  );
}

export function AiCosts() {
  const { t } = useTranslation();
  const tab = useTab(['costs', 'calls']);
  return (
    <>
      <PageHead title={t('nav.aiCosts')} />
      <Tabs
        label={t('nav.aiCosts')}
        tabs={[
          { id: 'costs', label: t('aiCosts.costs') },
          { id: 'calls', label: t('aiCosts.calls') },
        ]}
      />
      {tab === 'costs' ? <Sum /> : <Calls />}
    </>
  );
}
