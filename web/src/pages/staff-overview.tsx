// The platform by its services, each beside the period before.

import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { Growth } from '@/components/growth';
import { PageHead } from '@/components/page';
import { PeriodChoice, usePeriod } from '@/components/period-choice';
import { Failed } from '@/components/states';
import { Card, CardTitle } from '@/components/ui/card';
import { Skeleton } from '@/components/ui/skeleton';
import { dayNames } from '@/lib/days';
import { useFormat } from '@/lib/format';
import { USD } from '@/lib/money';
import { QUIET } from '@/lib/platform';
import { useWorkspaceId } from '@/lib/queries';

type Figures = Schemas['ServiceOverview'];
type Count = 'active_customers' | 'messages_in' | 'messages_out' | 'orders' | 'bookings' | 'ai_calls';

const COUNTS: Count[] = ['active_customers', 'messages_in', 'messages_out', 'orders', 'bookings', 'ai_calls'];
/** What stands with a service even when it is nothing. */
const MAIN: Record<Figures['service'], Count[]> = {
  conversations: ['active_customers', 'messages_in', 'messages_out'],
  assistant: ['ai_calls'],
  campaigns: ['messages_out'],
  news: ['messages_out'],
  shop: ['orders'],
  appointments: ['bookings'],
  payments: [],
};

function Line({ label, of, show }: { label: string; of: Schemas['Compared']; show: (value: number) => string }) {
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 py-2">
      <dt className="text-sm text-muted-foreground">{label}</dt>
      <dd className="flex flex-wrap items-baseline gap-x-3">
        <bdi className="font-semibold tabular-nums">{show(of.value)}</bdi>
        {isAny(of) && <Growth of={of} show={show} />}
      </dd>
    </div>
  );
}

const isAny = (of: Schemas['Compared']) => of.value !== 0 || of.before !== 0;

function Service({ of }: { of: Figures }) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = t(`platform.services.${of.service}`);
  return (
    <Card aria-label={name}>
      <CardTitle className="mb-2">{name}</CardTitle>
      <dl className="divide-y">
        <Line label={t('platform.workspacesUsing')} of={of.workspaces} show={format.number} />
        {COUNTS.filter((one) => MAIN[of.service].includes(one) || isAny(of[one])).map((one) => (
          <Line key={one} label={t(`platform.figures.${one}`)} of={of[one]} show={format.number} />
        ))}
        {isAny(of.ai_cost_micro) && (
          <Line
            label={t('platform.figures.ai_cost')}
            of={of.ai_cost_micro}
            show={(micros) => format.exact(micros, USD)}
          />
        )}
        {of.revenue.map(({ currency, minor }) => (
          <Line
            key={currency}
            label={t('dashboard.revenue', { currency })}
            of={minor}
            show={(amount) => format.money(amount, currency)}
          />
        ))}
      </dl>
    </Card>
  );
}

export function StaffOverview() {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const period = usePeriod();
  const query = useQuery({
    queryKey: [workspace, 'platform', 'overview', period],
    queryFn: () =>
      answer(api.GET('/api/v1/admin/overview', { params: { query: { period } } })).then(({ items }) => items),
    ...QUIET,
  });
  const day = dayNames(i18n.language, { dateStyle: 'medium' });
  const first = query.data?.[0];
  return (
    <>
      <PageHead title={t('nav.staffOverview')}>
        <PeriodChoice />
      </PageHead>
      {first && (
        <p className="-mt-4 mb-4 text-sm text-muted-foreground">
          {t('dashboard.compared', {
            from: day(first.from),
            until: day(first.until),
            beforeFrom: day(first.before_from),
            beforeUntil: day(first.before_until),
          })}
        </p>
      )}
      {query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : (
        <div className="grid grid-cols-1 items-start gap-4 sm:gap-6 lg:grid-cols-2 2xl:grid-cols-3">
          {query.data
            ? query.data.map((one) => <Service key={one.service} of={one} />)
            : Array.from({ length: 6 }, (_, card) => <Skeleton key={card} className="h-40" />)}
        </div>
      )}
    </>
  );
}
