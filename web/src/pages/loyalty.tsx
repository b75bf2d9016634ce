import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { TicketCheckIcon } from 'lucide-react';
import { lazy, Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { ContactName } from '@/components/contact-name';
import { ListCard } from '@/components/list-card';
import { PageHead } from '@/components/page';
import { BigNumber } from '@/components/points';
import { StateBadge } from '@/components/state-badge';
import { Failed, Loading } from '@/components/states';
import { Tabs, useTab } from '@/components/tabs';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { useFormat } from '@/lib/format';
import { loyaltySettingsQuery, stateOf } from '@/lib/loyalty';
import { useIs, useWorkspaceId } from '@/lib/queries';
import { cn } from '@/lib/utils';

const Accounts = lazy(() => import('./loyalty-accounts').then((module) => ({ default: module.Accounts })));
const Rewards = lazy(() => import('./loyalty-rewards').then((module) => ({ default: module.Rewards })));
const Redemptions = lazy(() => import('./loyalty-redemptions').then((module) => ({ default: module.Redemptions })));
const Rules = lazy(() => import('./loyalty-rules').then((module) => ({ default: module.Rules })));
const Tiers = lazy(() => import('./loyalty-tiers').then((module) => ({ default: module.Tiers })));

const NEWEST = 5;
const BOOKS = ['customer', 'redeemed', 'expired'] as const;
const COLOURS = { customer: 'bg-primary', redeemed: 'bg-secondary', expired: 'bg-muted-foreground' };

/** Where the points went that the business gave: the accounts of the books, which sum to zero. */
function Books() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const totals = useQuery({
    queryKey: [workspace, 'loyalty', 'totals'],
    queryFn: () => answer(api.GET('/api/v1/loyalty/totals')),
  });
  if (totals.isPending) return <Loading />;
  if (totals.isError) return <Failed error={totals.error} retry={() => void totals.refetch()} />;
  const given = -totals.data.issued;
  const shareOf = (name: (typeof BOOKS)[number]) => (given > 0 ? Math.max(0, totals.data[name]) / given : 0);
  return (
    <>
      <dl className="mb-6 grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
        <BigNumber
          label={t('loyalty.books.issued')}
          value={format.number(given)}
          hint={t('loyalty.books.issuedHint')}
        />
        {BOOKS.map((name) => (
          <BigNumber
            key={name}
            label={t(`loyalty.books.${name}`)}
            value={format.number(totals.data[name])}
            hint={t(`loyalty.books.${name}Hint`)}
          />
        ))}
      </dl>
      <Card className="mb-6" aria-label={t('loyalty.books.title')}>
        <CardTitle>{t('loyalty.books.title')}</CardTitle>
        {given > 0 ? (
          <>
            <div aria-hidden className="flex h-4 overflow-hidden rounded-full bg-muted">
              {BOOKS.map((name) => (
                <span key={name} className={COLOURS[name]} style={{ width: `${shareOf(name) * 100}%` }} />
              ))}
            </div>
            <ul className="mt-4 flex flex-wrap gap-x-6 gap-y-2 text-sm">
              {BOOKS.map((name) => (
                <li key={name} className="inline-flex items-center gap-2">
                  <span aria-hidden className={cn('size-3 rounded-sm', COLOURS[name])} />
                  {t(`loyalty.books.${name}`)}
                  <strong className="tabular-nums">{format.percent(shareOf(name))}</strong>
                </li>
              ))}
            </ul>
          </>
        ) : (
          <p className="text-sm text-muted-foreground">{t('loyalty.books.none')}</p>
        )}
        <p className="mt-4 text-sm text-muted-foreground">{t('loyalty.books.zero')}</p>
      </Card>
    </>
  );
}

function Best() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const best = useQuery({
    queryKey: [workspace, 'loyalty', 'best'],
    queryFn: () =>
      answer(api.GET('/api/v1/loyalty/accounts', { params: { query: { sort: '-lifetime', limit: NEWEST } } })),
  });
  return (
    <ListCard
      title={t('loyalty.best')}
      query={best}
      none={t('loyalty.accountsNone')}
      row={(one) => (
        <li key={one.contact_id} className="flex flex-wrap items-center justify-between gap-2 py-2 text-sm">
          <Link
            to="/loyalty/accounts/$id"
            params={{ id: one.contact_id }}
            className="font-medium text-primary-text hover:underline"
          >
            <ContactName id={one.contact_id} />
          </Link>
          <span className="text-muted-foreground">{one.tier?.name}</span>
          <span className="tabular-nums">
            {t('loyalty.points', { count: one.lifetime, points: format.number(one.lifetime) })}
          </span>
        </li>
      )}
    />
  );
}

function Newest() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const newest = useQuery({
    queryKey: [workspace, 'loyalty', 'newest'],
    queryFn: () => answer(api.GET('/api/v1/loyalty/redemptions', { params: { query: { limit: NEWEST } } })),
  });
  return (
    <ListCard
      title={t('loyalty.newest')}
      query={newest}
      none={t('loyalty.redemptionsNone')}
      row={(one) => (
        <li key={one.id} className="flex flex-wrap items-center justify-between gap-2 py-2 text-sm">
          <span className="font-medium">{one.reward_name}</span>
          <Link
            to="/loyalty/accounts/$id"
            params={{ id: one.contact_id }}
            className="text-primary-text hover:underline"
          >
            <ContactName id={one.contact_id} />
          </Link>
          <span className="text-muted-foreground">{format.day(one.created_at)}</span>
          <StateBadge state={stateOf(one)} />
        </li>
      )}
    />
  );
}

function Overview() {
  const { t } = useTranslation();
  const isAdmin = useIs('admin');
  const settings = useQuery(loyaltySettingsQuery(useWorkspaceId())).data;
  return (
    <>
      {settings && !settings.enabled && (
        <p
          role="status"
          className="mb-6 rounded-md border bg-amber-100 p-4 text-sm text-amber-950 dark:bg-amber-950 dark:text-amber-100"
        >
          {t('loyalty.off')}{' '}
          {isAdmin && (
            <Link to="/loyalty" search={{ tab: 'rules' }} className="font-medium underline">
              {t('loyalty.rules')}
            </Link>
          )}
        </p>
      )}
      <Books />
      <div className="grid items-start gap-6 xl:grid-cols-2">
        <Best />
        <Newest />
      </div>
    </>
  );
}

const PARTS: Record<string, ReactNode> = {
  overview: <Overview />,
  accounts: <Accounts />,
  rewards: <Rewards />,
  redemptions: <Redemptions />,
  tiers: <Tiers />,
  rules: <Rules />,
};

export function Loyalty() {
  const { t } = useTranslation();
  const tab = useTab(Object.keys(PARTS));
  const mayUse = useIs('agent');
  return (
    <>
      <PageHead title={t('nav.loyalty')}>
        {mayUse && (
          <Button asChild>
            <Link to="/loyalty/counter">
              <TicketCheckIcon aria-hidden />
              {t('loyalty.useCode')}
            </Link>
          </Button>
        )}
      </PageHead>
      <Tabs label={t('nav.loyalty')} tabs={Object.keys(PARTS).map((id) => ({ id, label: t(`loyalty.${id}`) }))} />
      <Suspense fallback={<Loading />}>{PARTS[tab]}</Suspense>
    </>
  );
}
