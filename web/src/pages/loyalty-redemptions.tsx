import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { timeColumn } from '@/components/columns';
import { ContactName } from '@/components/contact-name';
import { DataTable, type Column } from '@/components/data-table';
import { StateBadge } from '@/components/state-badge';
import { useFormat } from '@/lib/format';
import { rewardsQuery, stateOf, type Redemption } from '@/lib/loyalty';
import { useWorkspaceId } from '@/lib/queries';

/** The rewards that contacts, or this one, have taken. */
export function Redemptions({ contact }: { contact?: string }) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const rewards = useQuery(rewardsQuery(workspace)).data?.items;
  const columns = useMemo<Column<Redemption>[]>(
    () => [
      timeColumn('created', t('loyalty.taken'), format.moment, (one) => one.created_at),
      {
        id: 'reward',
        header: t('loyalty.reward'),
        value: (one) => one.reward_name,
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('loyalty.allRewards'),
          of: (one) => [one.reward_id],
          options: (rewards ?? []).map(({ id, name }) => ({ value: id, label: name })),
        },
        cell: (one) => <bdi className="font-medium">{one.reward_name}</bdi>,
      },
      ...(contact
        ? []
        : [
            {
              id: 'contact',
              header: t('loyalty.contact'),
              cell: (one: Redemption) => <ContactName id={one.contact_id} link />,
            },
          ]),
      {
        id: 'used',
        header: t('common.state'),
        value: stateOf,
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('loyalty.allRedemptions'),
          of: (one) => [one.used_at ? 'yes' : 'no'],
          options: [
            { value: 'yes', label: t('state.used') },
            { value: 'no', label: t('loyalty.notUsed') },
          ],
        },
        cell: (one) => <StateBadge state={stateOf(one)} />,
      },
      {
        id: 'cost',
        header: t('loyalty.cost'),
        align: 'end',
        value: (one) => one.cost,
        filter: { kind: 'number' },
        cell: (one) => format.number(one.cost),
      },
      {
        id: 'code',
        header: t('loyalty.code'),
        value: (one) => one.code_hint,
        cell: (one) => (
          <bdi dir="ltr" className="font-mono">
            …{one.code_hint}
          </bdi>
        ),
      },
      timeColumn('expires', t('loyalty.goodUntil'), format.day, (one) => one.expires_at),
      timeColumn('usedAt', t('loyalty.usedAt'), format.moment, (one) => one.used_at),
    ],
    [t, format, rewards, contact],
  );
  return (
    <DataTable
      name="loyalty-redemptions"
      label={t('loyalty.redemptions')}
      columns={columns}
      source={{
        key: [workspace, 'loyalty', 'redemptions', contact],
        load: ({ filters, limit, cursor }) => {
          const used = filters.used ? filters.used === 'yes' : undefined;
          const query = { contact_id: contact, reward_id: filters.reward, used, limit, cursor };
          return answer(api.GET('/api/v1/loyalty/redemptions', { params: { query } }));
        },
      }}
      rowId={(one) => one.id}
      empty={{ title: t('loyalty.redemptionsNone'), hint: t('loyalty.redemptionsNoneHint') }}
    />
  );
}
