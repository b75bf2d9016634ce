import { useQuery } from '@tanstack/react-query';
import { CheckCheckIcon } from 'lucide-react';
import { startTransition, useMemo, useOptimistic } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from '@tanstack/react-router';
import { answer, api, type Schemas } from '@/api/client';
import { timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { PageHead } from '@/components/page';
import { Failed } from '@/components/states';
import { Tabs, useTab } from '@/components/tabs';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Checkbox } from '@/components/ui/checkbox';
import { NativeSelect } from '@/components/ui/input';
import { Skeleton } from '@/components/ui/skeleton';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { useWorkspaceId } from '@/lib/queries';

type Notification = Schemas['NotificationView'];
type Kind = Schemas['NotificationKind'];
type Preference = Schemas['NotificationPreference'];

const LIVE_MS = 15_000;
const EMAILS = ['never', 'at_once', 'digest'] as const;

/** Pages of things that a notification names by their ids. */
const PAGES: [RegExp, string][] = [
  [/^ord_/, '/orders/'],
  [/^cmp_/, '/campaigns/'],
  [/^mkt_/, '/marketing/'],
  [/^pay_/, '/payments/'],
  [/^tkt_/, '/tickets/'],
  [/^ctc_/, '/contacts/'],
  [/^sub_/, '/subscriptions/'],
  [/^imp_/, '/imports/'],
  [/^whk_/, '/endpoints/'],
  [/^cnv_/, '/inbox?open='],
];

const PLACES: Partial<Record<Kind, string>> = {
  low_stock: '/products',
  channel_stopped: '/channels',
  post_failed: '/social',
  social_account: '/social?tab=accounts',
  payments_need_you: '/payments?tab=differences',
  invitation_accepted: '/members',
  member_suspended: '/members',
  ai_budget_warned: '/ai-costs',
  ai_budget_reached: '/ai-costs',
  credits_low: '/credits',
};

function placeOf(one: Notification) {
  for (const value of Object.values(one.data)) {
    const page = PAGES.find(([prefix]) => prefix.test(String(value)));
    if (page) return `${page[1]}${String(value)}`;
  }
  return PLACES[one.kind as Kind];
}

function List() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const navigate = useNavigate();
  const read = useAct((id: string) => api.POST('/api/v1/notifications/{id}/read', { params: { path: { id } } }));
  const columns = useMemo<Column<Notification>[]>(
    () => [
      {
        id: 'title',
        header: t('notifications.what'),
        value: (one) => one.title,
        filter: { kind: 'text' },
        cell: (one) => <bdi className={one.read_at ? undefined : 'font-semibold'}>{one.title}</bdi>,
      },
      {
        id: 'kind',
        header: t('notifications.kind'),
        value: (one) => one.kind,
        cell: (one) => t(`notifications.kinds.${one.kind}`, { defaultValue: one.kind }),
      },
      {
        id: 'state',
        header: t('common.state'),
        value: (one) => (one.read_at ? 'read' : 'unread'),
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('notifications.all'),
          options: [{ value: 'unread', label: t('notifications.unread') }],
        },
        cell: (one) =>
          one.read_at ? <Badge>{t('state.read')}</Badge> : <Badge tone="busy">{t('notifications.unread')}</Badge>,
      },
      timeColumn('created', t('notifications.when'), format.moment, (one) => one.created_at),
    ],
    [t, format],
  );
  return (
    <DataTable
      name="notifications"
      label={t('nav.notifications')}
      columns={columns}
      source={{
        key: [workspace, 'notifications'],
        every: LIVE_MS,
        load: ({ filters, limit, cursor }) =>
          answer(
            api.GET('/api/v1/notifications', {
              params: { query: { unread: filters.state === 'unread' || undefined, limit, cursor } },
            }),
          ),
      }}
      rowId={(one) => one.id}
      onRow={(one) => {
        if (!one.read_at) read.mutate(one.id);
        const place = placeOf(one);
        if (place) void navigate({ href: `/app${place}` });
      }}
      empty={{ title: t('notifications.none'), hint: t('notifications.noneHint') }}
    />
  );
}

function Preferences() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const query = useQuery({
    queryKey: [workspace, 'preferences'],
    queryFn: () => answer(api.GET('/api/v1/notifications/preferences')),
  });
  const set = useAct(
    (body: Preference) => api.PUT('/api/v1/notifications/preferences', { body }),
    t('common.saved'),
    'preferences',
  );
  const [shown, show] = useOptimistic(query.data ?? [], (all, one: Preference) =>
    all.map((before) => (before.kind === one.kind ? one : before)),
  );
  const choose = (one: Preference) =>
    startTransition(async () => {
      show(one);
      // A refusal has been told of, and what is saved is shown again.
      await set.mutateAsync(one).catch(() => undefined);
    });
  return (
    <Card className="max-w-2xl">
      <p className="mb-4 text-sm text-muted-foreground">{t('notifications.emailHint')}</p>
      {query.isPending ? (
        <Skeleton className="h-64" />
      ) : query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : (
        <table className="w-full text-sm">
          <thead>
            <tr className="border-b text-xs text-muted-foreground">
              <th scope="col" className="py-2 text-start font-semibold">
                {t('notifications.kind')}
              </th>
              <th scope="col" className="px-2 py-2 text-center font-semibold">
                {t('notifications.inApp')}
              </th>
              <th scope="col" className="py-2 text-start font-semibold">
                {t('notifications.email')}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => {
              const name = t(`notifications.kinds.${one.kind}`);
              return (
                <tr key={one.kind} className="border-b last:border-0">
                  <th scope="row" className="py-2 text-start font-normal">
                    {name}
                  </th>
                  <td className="px-2 py-2 text-center">
                    <Checkbox
                      aria-label={`${name}: ${t('notifications.inApp')}`}
                      checked={one.in_app}
                      onChange={(event) => choose({ ...one, in_app: event.target.checked })}
                    />
                  </td>
                  <td className="py-2">
                    <NativeSelect
                      aria-label={`${name}: ${t('notifications.email')}`}
                      className="h-9 w-36 px-2 sm:w-44"
                      value={one.email}
                      onChange={({ target }) =>
                        choose({ ...one, email: EMAILS.find((email) => email === target.value) ?? one.email })
                      }
                    >
                      {EMAILS.map((email) => (
                        <option key={email} value={email}>
                          {t(`notifications.emails.${email}`)}
                        </option>
                      ))}
                    </NativeSelect>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </Card>
  );
}

export function Notifications() {
  const { t } = useTranslation();
  const tab = useTab(['list', 'preferences']);
  const workspace = useWorkspaceId();
  const newest = useQuery({
    queryKey: [workspace, 'notifications', 'newest'],
    queryFn: () => answer(api.GET('/api/v1/notifications', { params: { query: { unread: true, limit: 1 } } })),
  }).data?.items[0];
  const readAll = useAct(
    (newest_id: string) => api.POST('/api/v1/notifications/read-all', { body: { newest_id } }),
    t('common.done'),
  );
  return (
    <>
      <PageHead title={t('nav.notifications')}>
        <Button
          variant="outline"
          disabled={!newest || readAll.isPending}
          onClick={() => newest && readAll.mutate(newest.id)}
        >
          <CheckCheckIcon aria-hidden />
          {t('notifications.readAll')}
        </Button>
      </PageHead>
      <Tabs
        label={t('nav.notifications')}
        tabs={[
          { id: 'list', label: t('nav.notifications') },
          { id: 'preferences', label: t('notifications.preferences') },
        ]}
      />
      {tab === 'preferences' ? <Preferences /> : <List />}
    </>
  );
}
