import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  BoxIcon,
  ClockIcon,
  MessageCircleIcon,
  ShoppingCartIcon,
  TrophyIcon,
  UserPlusIcon,
  type LucideIcon,
} from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { DayChart, type Series } from '@/components/day-chart';
import { Growth } from '@/components/growth';
import { PageHead } from '@/components/page';
import { PeriodChoice, usePeriod } from '@/components/period-choice';
import { Picture } from '@/components/picture';
import { Failed } from '@/components/states';
import { Card } from '@/components/ui/card';
import { NativeSelect } from '@/components/ui/input';
import { Skeleton } from '@/components/ui/skeleton';
import { useFormat } from '@/lib/format';
import { LIVE_MS, useOverview, useSpanName, type Figures, type Period } from '@/lib/overview';
import { useWorkspaceId } from '@/lib/queries';
import { RecentActivity, RecentConversations, RecentOrders } from './dashboard-recent';
import { ResponseTimes } from './dashboard-responses';

type Stats = Schemas['DashboardStats'];

function Metric({
  label,
  value,
  icon: Icon,
  children,
}: {
  label: string;
  value: ReactNode;
  icon: LucideIcon;
  children: ReactNode;
}) {
  return (
    <Card className="grid content-start gap-1" aria-label={label}>
      <h2 className="flex items-center justify-between gap-2 text-sm font-medium text-muted-foreground">
        {label}
        <Icon className="size-5 shrink-0" aria-hidden />
      </h2>
      <p className="text-3xl font-bold tabular-nums">{value}</p>
      {children}
    </Card>
  );
}

function Metrics({ stats }: { stats: Stats }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = stats.revenue.map((one) => format.money(one.minor.value, one.currency)).join(' · ');
  return (
    <>
      <Metric label={t('nav.orders')} value={format.number(stats.orders.value)} icon={ShoppingCartIcon}>
        <Growth of={stats.orders} />
        {money && <p className="text-sm">{t('dashboard.revenueIs', { money })}</p>}
      </Metric>
      <Metric label={t('dashboard.pending')} value={format.number(stats.pending_orders)} icon={ClockIcon}>
        <p className="text-xs text-muted-foreground">{t('dashboard.pendingHint')}</p>
        {stats.pending_orders > 0 && (
          <Link
            to="/orders"
            search={{ f: { status: 'pending_payment' } }}
            className="text-sm text-primary-text hover:underline"
          >
            {t('dashboard.show')}
          </Link>
        )}
      </Metric>
      <Metric label={t('dashboard.newContacts')} value={format.number(stats.new_contacts.value)} icon={UserPlusIcon}>
        <Growth of={stats.new_contacts} />
      </Metric>
      <Metric
        label={t('dashboard.activeContacts')}
        value={format.number(stats.active_contacts.value)}
        icon={MessageCircleIcon}
      >
        <Growth of={stats.active_contacts} />
        <p className="text-sm">
          {t('dashboard.messagesAre', {
            received: format.number(stats.messages_in.value),
            sent: format.number(stats.messages_out.value),
          })}
        </p>
      </Metric>
    </>
  );
}

function BestCard({
  title,
  icon: Icon,
  image,
  name,
  link,
  children,
}: {
  title: string;
  icon: LucideIcon;
  image?: string | null;
  name?: ReactNode;
  link?: ReactNode;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <Card className="flex items-center gap-4" aria-label={title}>
      <Picture url={image} icon={Icon} className="size-16 bg-accent text-accent-foreground" />
      <div className="min-w-0">
        <h2 className="text-sm text-muted-foreground">{title}</h2>
        {(link ?? name) ? (
          <>
            <p className="truncate font-semibold">{link ?? name}</p>
            <p className="text-sm text-muted-foreground">{children}</p>
          </>
        ) : (
          <p className="text-sm text-muted-foreground">{t('dashboard.noBest')}</p>
        )}
      </div>
    </Card>
  );
}

function BestCards({ best }: { best: Schemas['Best'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { product, contact, order } = best;
  const money = (one: Schemas['FigureMoney']) => format.money(one.minor, one.currency);
  return (
    <>
      <BestCard
        title={t('dashboard.bestProduct')}
        icon={BoxIcon}
        image={product?.image_url}
        name={product && <bdi>{product.name ?? t('dashboard.gone')}</bdi>}
      >
        {product && t('dashboard.sold', { pieces: format.number(product.sold), money: money(product.revenue) })}
      </BestCard>
      <BestCard
        title={t('dashboard.bestContact')}
        icon={TrophyIcon}
        link={
          contact && (
            <Link to="/contacts/$id" params={{ id: contact.contact_id }} className="hover:underline">
              <bdi>{contact.name ?? '–'}</bdi>
            </Link>
          )
        }
      >
        {contact && t('dashboard.spent', { orders: format.number(contact.orders), money: money(contact.spent) })}
      </BestCard>
      <BestCard
        title={t('dashboard.bestOrder')}
        icon={ShoppingCartIcon}
        link={
          order && (
            <Link to="/orders/$id" params={{ id: order.order_id }} className="hover:underline">
              #{order.number} · {money(order.total)}
            </Link>
          )
        }
      >
        <bdi>{order?.contact_name}</bdi>
      </BestCard>
    </>
  );
}

function revenueOf(days: Figures[], currency: string) {
  return days.flatMap((day) => day.revenue).reduce((sum, one) => sum + (one.currency === currency ? one.minor : 0), 0);
}

function Chart({ period }: { period: Period }) {
  const { t } = useTranslation();
  const format = useFormat();
  const span = useSpanName(period);
  const [wanted, setWanted] = useState('messages');
  const { overview, groups, names } = useOverview(period);
  const sum = (of: (day: Figures) => number) => groups.map((days) => days.reduce((all, day) => all + of(day), 0));
  const currencies = [...new Set(overview.data?.days.flatMap((day) => day.revenue.map((one) => one.currency)))];
  const currency = currencies.find((one) => one === wanted);
  const series: Series[] = currency
    ? [{ name: t('dashboard.revenue', { currency }), values: groups.map((days) => revenueOf(days, currency)) }]
    : wanted === 'orders'
      ? [{ name: t('nav.orders'), values: sum((day) => day.orders) }]
      : [
          { name: t('dashboard.received'), values: sum((day) => day.messages_in) },
          { name: t('dashboard.sent'), values: sum((day) => day.messages_out) },
        ];
  return (
    <Card aria-label={t('dashboard.chart')}>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-xl font-semibold">{span}</h2>
        <NativeSelect
          aria-label={t('dashboard.what')}
          className="h-9 w-auto"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        >
          <option value="messages">{t('dashboard.messages')}</option>
          <option value="orders">{t('nav.orders')}</option>
          {currencies.map((one) => (
            <option key={one} value={one}>
              {t('dashboard.revenue', { currency: one })}
            </option>
          ))}
        </NativeSelect>
      </div>
      {overview.isError ? (
        <Failed error={overview.error} retry={() => void overview.refetch()} />
      ) : overview.isPending ? (
        <Skeleton className="h-72" />
      ) : (
        <DayChart
          label={series.map((one) => one.name).join(', ')}
          days={names}
          series={series}
          show={(value) => (currency ? format.money(Math.round(value), currency) : format.number(value))}
        />
      )}
    </Card>
  );
}

export function Dashboard() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const period = usePeriod();
  const stats = useQuery({
    queryKey: [workspace, 'analytics', 'stats', period],
    queryFn: () => answer(api.GET('/api/v1/dashboard/stats', { params: { query: { period } } })),
    refetchInterval: LIVE_MS,
  });
  return (
    <>
      <PageHead title={t('nav.dashboard')}>
        <PeriodChoice />
      </PageHead>
      {stats.data && (
        <p className="-mt-4 mb-4 text-sm text-muted-foreground">
          {t('dashboard.compared', {
            from: format.day(`${stats.data.from}T12:00:00Z`),
            until: format.day(`${stats.data.until}T12:00:00Z`),
            beforeFrom: format.day(`${stats.data.before_from}T12:00:00Z`),
            beforeUntil: format.day(`${stats.data.before_until}T12:00:00Z`),
          })}
        </p>
      )}
      <div className="grid grid-cols-1 gap-4 sm:gap-6">
        {stats.isError ? (
          <Card>
            <Failed error={stats.error} retry={() => void stats.refetch()} />
          </Card>
        ) : (
          <>
            <div className="grid grid-cols-1 gap-4 sm:grid-cols-2 sm:gap-6 xl:grid-cols-4">
              {stats.data ? (
                <Metrics stats={stats.data} />
              ) : (
                Array.from({ length: 4 }, (_, card) => <Skeleton key={card} className="h-36" />)
              )}
            </div>
            <div className="grid grid-cols-1 gap-4 sm:gap-6 lg:grid-cols-3">
              {stats.data ? (
                <BestCards best={stats.data.best} />
              ) : (
                Array.from({ length: 3 }, (_, card) => <Skeleton key={card} className="h-28" />)
              )}
            </div>
          </>
        )}
        <Chart period={period} />
        <ResponseTimes period={period} />
        <div className="grid grid-cols-1 items-start gap-4 sm:gap-6 xl:grid-cols-3">
          <div className="min-w-0 xl:col-span-2">
            <RecentOrders />
          </div>
          <RecentActivity />
        </div>
        <RecentConversations />
      </div>
    </>
  );
}
