// What has happened last: orders, conversations, and everything else.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { BoxIcon, CreditCardIcon, LifeBuoyIcon, ShoppingCartIcon, UserPlusIcon, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { Avatar } from '@/components/avatar';
import { ContactName } from '@/components/contact-name';
import { ListCard } from '@/components/list-card';
import { StateBadge } from '@/components/state-badge';
import { Badge } from '@/components/ui/badge';
import { Table, TableCell, TableHead, TableRow } from '@/components/ui/table';
import { useFormat } from '@/lib/format';
import { useIsNarrow } from '@/lib/narrow';
import { LIVE_MS } from '@/lib/overview';
import { useWorkspaceId } from '@/lib/queries';

const RECENT = 6;
const ACTIVITIES = 8;

const ROW = 'flex flex-wrap items-center justify-between gap-x-3 gap-y-1 py-2.5 text-sm';
const MORE = 'text-sm font-normal text-primary-text hover:underline';

function OrdersTable({ orders }: { orders: Schemas['Order'][] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className="-mx-3 overflow-x-auto">
      <Table className="[&_:is(th,td)]:px-3">
        <thead>
          <TableRow>
            <TableHead>{t('dashboard.number')}</TableHead>
            <TableHead>{t('dashboard.contact')}</TableHead>
            <TableHead>{t('dashboard.date')}</TableHead>
            <TableHead>{t('dashboard.state')}</TableHead>
            <TableHead className="text-end">{t('dashboard.total')}</TableHead>
          </TableRow>
        </thead>
        <tbody>
          {orders.map((one) => (
            <TableRow key={one.id}>
              <TableCell>
                <Link
                  to="/orders/$id"
                  params={{ id: one.id }}
                  className="font-medium text-primary-text hover:underline"
                >
                  #{one.number}
                </Link>
              </TableCell>
              <TableCell className="whitespace-nowrap">
                <ContactName id={one.contact_id} />
              </TableCell>
              <TableCell className="whitespace-nowrap">{format.moment(one.created_at)}</TableCell>
              <TableCell>
                <StateBadge state={one.status} />
              </TableCell>
              <TableCell className="text-end tabular-nums">{format.money(one.total_minor, one.currency)}</TableCell>
            </TableRow>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

export function RecentOrders() {
  const { t } = useTranslation();
  const isNarrow = useIsNarrow();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const query = useQuery({
    queryKey: [workspace, 'orders', 'recent'],
    queryFn: () => answer(api.GET('/api/v1/orders', { params: { query: { limit: RECENT } } })),
    refetchInterval: LIVE_MS,
  });
  return (
    <ListCard
      tall
      title={t('dashboard.recentOrders')}
      query={query}
      none={t('dashboard.noOrders')}
      more={
        <Link to="/orders" className={MORE}>
          {t('dashboard.all')}
        </Link>
      }
      list={isNarrow ? undefined : (orders) => <OrdersTable orders={orders} />}
      row={(one) => (
        <li key={one.id} className={ROW}>
          <span className="min-w-0">
            <Link to="/orders/$id" params={{ id: one.id }} className="font-medium text-primary-text hover:underline">
              #{one.number}
            </Link>{' '}
            <ContactName id={one.contact_id} />
          </span>
          <span className="inline-flex items-center gap-3">
            <StateBadge state={one.status} />
            <span className="tabular-nums">{format.money(one.total_minor, one.currency)}</span>
          </span>
        </li>
      )}
    />
  );
}

export function RecentConversations() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const query = useQuery({
    queryKey: [workspace, 'conversations', 'recent'],
    queryFn: () => answer(api.GET('/api/v1/conversations', { params: { query: { limit: RECENT } } })),
    refetchInterval: LIVE_MS,
  });
  return (
    <ListCard
      tall
      title={t('dashboard.recentConversations')}
      query={query}
      none={t('dashboard.noConversations')}
      more={
        <Link to="/inbox" className={MORE}>
          {t('dashboard.all')}
        </Link>
      }
      list={(conversations) => (
        <ul className="grid grid-cols-1 gap-4 md:grid-cols-2 2xl:grid-cols-3">
          {conversations.map((one) => (
            <li key={one.id} className="min-w-0">
              <Link
                to="/inbox"
                search={{ open: one.id }}
                className="flex items-center gap-3 rounded-md border p-3 text-sm transition-colors hover:bg-muted"
              >
                <Avatar name={one.contact_name} />
                <span className="min-w-0 grow">
                  <span className="flex items-center gap-2">
                    <bdi className="grow truncate font-medium">{one.contact_name ?? one.contact_phone ?? '–'}</bdi>
                    {one.waiting_since && <Badge tone="waiting">{t('dashboard.waits')}</Badge>}
                  </span>
                  <span dir="auto" className="block truncate text-muted-foreground">
                    {one.last_message?.text}
                  </span>
                  <span className="block text-xs text-muted-foreground">{format.moment(one.last_activity_at)}</span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    />
  );
}

const ICONS: Record<Schemas['ActivityKind'], LucideIcon> = {
  contact: UserPlusIcon,
  product: BoxIcon,
  order: ShoppingCartIcon,
  payment: CreditCardIcon,
  ticket: LifeBuoyIcon,
};

export function RecentActivity() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const query = useQuery({
    queryKey: [workspace, 'analytics', 'recent'],
    queryFn: () => answer(api.GET('/api/v1/analytics/recent-activity', { params: { query: { limit: ACTIVITIES } } })),
    refetchInterval: LIVE_MS,
  });
  return (
    <ListCard
      tall
      title={t('dashboard.activity')}
      query={query}
      none={t('dashboard.noActivity')}
      row={(one) => {
        const Icon = ICONS[one.kind];
        const id = one.subject_id;
        const words = (
          <>
            {t(`dashboard.kinds.${one.kind}`)} <bdi className="font-medium">{one.title}</bdi>
          </>
        );
        const style = 'min-w-0 truncate hover:underline';
        return (
          <li key={`${one.kind}:${id}`} className={ROW}>
            <span className="inline-flex min-w-0 items-center gap-3">
              <Icon className="size-4 shrink-0 text-muted-foreground" aria-hidden />
              {one.kind === 'product' ? (
                <Link to="/products" className={style}>
                  {words}
                </Link>
              ) : (
                <Link to={`/${one.kind}s/$id`} params={{ id }} className={style}>
                  {words}
                </Link>
              )}
            </span>
            <span className="text-xs text-muted-foreground">{format.moment(one.at)}</span>
          </li>
        );
      }}
    />
  );
}
