import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { nameColumn, statusColumn, timeColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { BudgetBar, GoalBar } from '@/components/marketing-bars';
import { MarketingForm } from '@/components/marketing-form';
import { AddButton, PageHead } from '@/components/page';
import { dayNames } from '@/lib/days';
import { useFormat } from '@/lib/format';
import { MARKETING_STATES, OBJECTIVES, type MarketingCampaign } from '@/lib/marketing';
import { membersQuery, useIs, useWorkspaceId } from '@/lib/queries';

export function Marketing() {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const navigate = useNavigate();
  const maySave = useIs('admin');
  const members = useQuery(membersQuery(workspace)).data?.items;
  const [isAdding, setAdding] = useState(false);
  const columns = useMemo<Column<MarketingCampaign>[]>(() => {
    const day = dayNames(i18n.language, { dateStyle: 'medium' });
    const days = ({ starts_on: first, ends_on: last }: MarketingCampaign) =>
      first || last ? `${first ? day(first) : '…'} – ${last ? day(last) : '…'}` : '–';
    const owner = (one: MarketingCampaign) => members?.find(({ id }) => id === one.owner_id)?.name ?? '';
    return [
      nameColumn(t('common.name'), (one) => one.name),
      statusColumn(t, t('common.state'), t('marketing.all'), MARKETING_STATES),
      {
        id: 'objective',
        header: t('marketing.objective'),
        value: (one) => one.objective,
        filter: {
          kind: 'choice',
          server: true,
          options: OBJECTIVES.map((value) => ({ value, label: t(`marketing.objectives.${value}`) })),
        },
        cell: (one) => t(`marketing.objectives.${one.objective}`),
      },
      {
        id: 'goal',
        header: t('marketing.goal'),
        value: (one) => one.progress.goal?.percent,
        cell: (one) => <GoalBar of={one} />,
      },
      {
        id: 'budget',
        header: t('marketing.budget'),
        value: (one) => one.progress.budget?.percent,
        cell: (one) => <BudgetBar of={one} />,
      },
      { id: 'days', header: t('marketing.days'), value: (one) => one.starts_on, cell: days },
      { id: 'owner', header: t('marketing.owner'), value: owner, cell: (one) => owner(one) || '–' },
      {
        id: 'parts',
        header: t('marketing.parts'),
        align: 'end',
        hidden: true,
        value: (one) => one.progress.parts,
        cell: (one) => format.number(one.progress.parts),
      },
      {
        id: 'tags',
        header: t('marketing.tags'),
        hidden: true,
        value: (one) => one.tags.join(', '),
        filter: { kind: 'text' },
        cell: (one) => one.tags.join(', ') || '–',
      },
      timeColumn('updated', t('products.updated'), format.moment, (one) => one.updated_at, true),
    ];
  }, [t, i18n.language, format, members]);
  return (
    <>
      <PageHead title={t('nav.marketing')}>
        {maySave && <AddButton onClick={() => setAdding(true)}>{t('marketing.add')}</AddButton>}
      </PageHead>
      <DataTable
        name="marketing"
        label={t('nav.marketing')}
        columns={columns}
        searchLabel={t('marketing.search')}
        source={{
          key: [workspace, 'marketing', 'list'],
          load: ({ q, filters, limit, cursor }) => {
            const status = MARKETING_STATES.find((one) => one === filters.status);
            const objective = OBJECTIVES.find((one) => one === filters.objective);
            return answer(
              api.GET('/api/v1/marketing/campaigns', { params: { query: { status, objective, q, limit, cursor } } }),
            );
          },
        }}
        rowId={(one) => one.id}
        href={(one) => `/marketing/${one.id}`}
        empty={{ title: t('marketing.none'), hint: t('marketing.noneHint') }}
      />
      <MarketingForm
        open={isAdding}
        onOpenChange={setAdding}
        onSaved={(id) => void navigate({ to: '/marketing/$id', params: { id } })}
      />
    </>
  );
}
