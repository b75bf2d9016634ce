import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { GiftIcon, PlusIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { PageHead } from '@/components/page';
import { BigNumber, ExpiringPoints, PointsChange } from '@/components/points';
import { RecordDialog } from '@/components/record-form';
import { SecretDialog } from '@/components/secret-dialog';
import { Failed, Loading } from '@/components/states';
import { Tabs, useTab } from '@/components/tabs';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { useFormat } from '@/lib/format';
import { accountQuery, loyaltySettingsQuery, rewardsQuery, whyNot, type PointsAccount } from '@/lib/loyalty';
import { contactNameQuery, useIs, useWorkspaceId } from '@/lib/queries';
import { Redemptions } from './loyalty-redemptions';

type Entry = Schemas['PointsEntry'];

/** What an entry is about. */
function About({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const words = t(`loyalty.kinds.${entry.kind}`);
  if (entry.order_id)
    return (
      <Link to="/orders/$id" params={{ id: entry.order_id }} className="text-primary-text hover:underline">
        {words}
      </Link>
    );
  return <>{words}</>;
}

/** The account as the books have it: each change, and the balance after it. */
function Ledger({ id }: { id: string }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const columns = useMemo<Column<Entry>[]>(
    () => [
      timeColumn('created', t('loyalty.when'), format.moment, (one) => one.created_at),
      {
        id: 'kind',
        header: t('loyalty.what'),
        value: (one) => t(`loyalty.kinds.${one.kind}`),
        filter: {
          kind: 'choice',
          options: ['order', 'visit', 'birthday', 'refund', 'adjustment', 'redemption', 'expiry', 'merge'].map(
            (one) => ({
              value: t(`loyalty.kinds.${one}`),
              label: t(`loyalty.kinds.${one}`),
            }),
          ),
        },
        cell: (one) => <About entry={one} />,
      },
      {
        id: 'reason',
        header: t('loyalty.reason'),
        value: (one) => one.reason,
        filter: { kind: 'text' },
        cell: (one) => <bdi className="line-clamp-2 max-w-md">{one.reason ?? '–'}</bdi>,
      },
      {
        id: 'points',
        header: t('loyalty.change'),
        align: 'end',
        value: (one) => one.points,
        filter: { kind: 'number' },
        cell: (one) => <PointsChange points={one.points} />,
      },
      {
        id: 'balance',
        header: t('loyalty.after'),
        align: 'end',
        value: (one) => one.balance,
        cell: (one) => <bdi className="tabular-nums">{format.number(one.balance)}</bdi>,
      },
    ],
    [t, format],
  );
  return (
    <DataTable
      name="loyalty-entries"
      label={t('loyalty.ledger')}
      columns={columns}
      source={{
        key: [workspace, 'loyalty', 'entries', id],
        load: ({ limit, cursor }) => {
          const params = { path: { contact_id: id }, query: { limit, cursor } };
          return answer(api.GET('/api/v1/loyalty/accounts/{contact_id}/entries', { params }));
        },
      }}
      rowId={(one) => one.id}
      empty={{ title: t('loyalty.ledgerNone'), hint: t('loyalty.ledgerNoneHint') }}
    />
  );
}

function Adjust({ id }: { id: string }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="outline" onClick={() => setOpen(true)}>
        <PlusIcon aria-hidden />
        {t('loyalty.adjust')}
      </Button>
      <RecordDialog
        open={isOpen}
        onOpenChange={setOpen}
        title={t('loyalty.adjust')}
        hint={t('loyalty.adjustHint')}
        groups={[
          {
            fields: [
              {
                name: 'points',
                label: t('loyalty.rule.points'),
                hint: t('loyalty.adjustPointsHint'),
                kind: 'number',
                required: true,
                dir: 'ltr',
              },
              { name: 'reason', label: t('loyalty.reason'), kind: 'area', required: true },
            ],
          },
        ]}
        save={(values) =>
          api.POST('/api/v1/loyalty/accounts/{contact_id}/adjust', {
            params: { path: { contact_id: id } },
            body: { points: Number(values.points), reason: values.reason ?? '' },
          })
        }
      />
    </>
  );
}

/** Takes a reward for the contact. Its code is shown once. */
function Take({ account }: { account: PointsAccount }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [isOpen, setOpen] = useState(false);
  const [code, setCode] = useState<string | null>(null);
  const rewards = useQuery(rewardsQuery(useWorkspaceId()));
  const offered = rewards.data?.items.filter((one) => !whyNot(one, account.balance)) ?? [];
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <GiftIcon aria-hidden />
        {t('loyalty.take')}
      </Button>
      <RecordDialog
        open={isOpen}
        onOpenChange={setOpen}
        needs={rewards}
        title={t('loyalty.take')}
        hint={t(offered.length ? 'loyalty.takeHint' : 'loyalty.takeNone')}
        action={t('loyalty.take')}
        done=""
        groups={[
          {
            fields: [
              {
                name: 'reward',
                label: t('loyalty.reward'),
                kind: 'choice',
                required: true,
                pointer: 'reward_id',
                options: [
                  { value: '', label: t('campaigns.choose') },
                  ...offered.map(({ id, name, cost }) => ({
                    value: id,
                    label: `${name} · ${t('loyalty.points', { count: cost, points: format.number(cost) })}`,
                  })),
                ],
              },
            ],
          },
        ]}
        save={async (values) => {
          const body = { contact_id: account.contact_id, reward_id: values.reward ?? '' };
          setCode((await answer(api.POST('/api/v1/loyalty/redemptions', { body }))).code);
        }}
      />
      <SecretDialog
        title={t('loyalty.codeTitle')}
        text={t('loyalty.codeText')}
        label={t('loyalty.code')}
        secret={code}
        onKept={() => setCode(null)}
      />
    </>
  );
}

export function LoyaltyAccount() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/app/loyalty/accounts/$id' });
  const workspace = useWorkspaceId();
  const format = useFormat();
  const isAdmin = useIs('admin');
  const mayTake = useIs('agent');
  const tab = useTab(['ledger', 'redemptions']);
  const name = useQuery(contactNameQuery(workspace, id)).data;
  const settings = useQuery(loyaltySettingsQuery(workspace)).data;
  const query = useQuery(accountQuery(workspace, id));
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const account = query.data;
  return (
    <>
      <PageHead
        title={name ?? '…'}
        back={{ to: '/loyalty', label: t('nav.loyalty') }}
        badge={account.tier && <Badge tone="good">{account.tier.name}</Badge>}
      >
        {mayTake && settings?.enabled && <Take account={account} />}
        {isAdmin && <Adjust id={id} />}
        <Button asChild variant="outline">
          <Link to="/contacts/$id" params={{ id }}>
            {t('loyalty.profile')}
          </Link>
        </Button>
      </PageHead>
      <dl className="mb-6 grid gap-4 sm:grid-cols-3">
        <BigNumber
          label={t('loyalty.balance')}
          value={format.number(account.balance)}
          hint={account.balance < 0 ? t('loyalty.owes') : undefined}
        />
        <BigNumber
          label={t('loyalty.earned')}
          value={format.number(account.earned)}
          hint={account.tier ? t('loyalty.tierIs', { tier: account.tier.name }) : undefined}
        />
        <BigNumber label={t('loyalty.lifetime')} value={format.number(account.lifetime)} />
      </dl>
      {account.expiring && (
        <p className="mb-6 text-sm text-muted-foreground">
          <ExpiringPoints of={account.expiring} />
        </p>
      )}
      <Tabs
        label={t('loyalty.account')}
        tabs={['ledger', 'redemptions'].map((one) => ({ id: one, label: t(`loyalty.${one}`) }))}
      />
      {tab === 'ledger' ? <Ledger id={id} /> : <Redemptions contact={id} />}
    </>
  );
}
