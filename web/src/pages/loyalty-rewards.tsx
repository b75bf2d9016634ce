import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, asItIs } from '@/api/client';
import { actionsColumn, activeOf, nameColumn, ON_OFF, timeColumn } from '@/components/columns';
import { DataTable, type Column, type Edit } from '@/components/data-table';
import { AddButton } from '@/components/page';
import { RecordDialog, tick } from '@/components/record-form';
import { DeleteButton, EditButton } from '@/components/row-actions';
import { StateBadge } from '@/components/state-badge';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { readReward, type Reward } from '@/lib/loyalty';
import { useOpened } from '@/lib/opened';
import { useIs, useWorkspaceId } from '@/lib/queries';

const inPlace: Pick<Edit<Reward>, 'read' | 'save'> = {
  read: ({ id }) => readReward(id),
  save: (body, { data: { id }, etag }) =>
    answer(api.PATCH('/api/v1/loyalty/rewards/{id}', { params: { path: { id }, header: { 'If-Match': etag } }, body })),
};

export function Rewards() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const opened = useOpened<Reward>(readReward);
  const remove = useAct(
    async (id: string) => api.DELETE('/api/v1/loyalty/rewards/{id}', { params: await asItIs(readReward, id) }),
    t('common.deleted'),
  );
  const edit = opened.edit;
  const removeOne = remove.mutateAsync;
  const columns = useMemo<Column<Reward>[]>(
    () => [
      {
        ...nameColumn<Reward>(t('common.name'), (one) => one.name),
        edit: maySave && { ...inPlace, required: true, text: (one) => one.name, change: (name) => ({ name }) },
      },
      {
        id: 'cost',
        header: t('loyalty.cost'),
        align: 'end',
        value: (one) => one.cost,
        filter: { kind: 'number' },
        cell: (one) => format.number(one.cost),
        edit: maySave && {
          ...inPlace,
          kind: 'number',
          required: true,
          text: (one) => String(one.cost),
          change: (text) => ({ cost: Number(text) }),
        },
      },
      {
        id: 'stock',
        header: t('loyalty.stock'),
        align: 'end',
        value: (one) => one.stock,
        cell: (one) => (one.stock == null ? t('loyalty.noEnd') : format.number(one.stock)),
        edit: maySave && {
          ...inPlace,
          kind: 'number',
          text: (one) => (one.stock == null ? '' : String(one.stock)),
          change: (text) => ({ stock: text.trim() === '' ? null : Number(text) }),
        },
      },
      timeColumn('valid', t('loyalty.validUntil'), format.moment, (one) => one.valid_until),
      {
        id: 'days',
        header: t('loyalty.codeDays'),
        align: 'end',
        hidden: true,
        value: (one) => one.code_days,
        cell: (one) => format.number(one.code_days),
      },
      {
        id: 'state',
        header: t('common.state'),
        value: (one) => ON_OFF[one.active ? 0 : 1],
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('loyalty.allRewards'),
          options: ON_OFF.map((value) => ({ value, label: t(`state.${value}`) })),
        },
        cell: (one) => <StateBadge state={ON_OFF[one.active ? 0 : 1]} />,
      },
      timeColumn('updated', t('products.updated'), format.moment, (one) => one.updated_at, true),
      ...actionsColumn(maySave, (one: Reward) => (
        <>
          <EditButton name={one.name} onClick={() => edit(one.id)} />
          <DeleteButton
            name={one.name}
            title={t('loyalty.deleteReward')}
            text={t('loyalty.deleteRewardText')}
            onConfirm={() => removeOne(one.id)}
          />
        </>
      )),
    ],
    [t, format, maySave],
  );
  return (
    <>
      {maySave && (
        <div className="mb-4 flex justify-end">
          <AddButton onClick={opened.add}>{t('loyalty.addReward')}</AddButton>
        </div>
      )}
      <DataTable
        name="loyalty-rewards"
        label={t('loyalty.rewards')}
        columns={columns}
        source={{
          key: [workspace, 'loyalty', 'rewards', 'list'],
          load: ({ filters, limit, cursor }) => {
            const active = activeOf(filters, ON_OFF);
            return answer(api.GET('/api/v1/loyalty/rewards', { params: { query: { active, limit, cursor } } }));
          },
        }}
        rowId={(one) => one.id}
        onRow={maySave ? (one) => opened.edit(one.id) : undefined}
        empty={{ title: t('loyalty.rewardsNone'), hint: t('loyalty.rewardsNoneHint') }}
      />
      <RecordDialog
        {...opened.dialog}
        title={opened.of ? t('loyalty.editReward') : t('loyalty.addReward')}
        initial={{ days: '30', active: tick(true) }}
        valuesOf={(one) => ({
          name: one.name,
          cost: String(one.cost),
          stock: one.stock == null ? '' : String(one.stock),
          until: format.field(one.valid_until),
          days: String(one.code_days),
          active: tick(one.active),
        })}
        groups={[
          {
            fields: [{ name: 'name', label: t('common.name'), hint: t('loyalty.rewardHint'), required: true }],
          },
          {
            beside: true,
            fields: [
              { name: 'cost', label: t('loyalty.cost'), kind: 'number', required: true },
              { name: 'stock', label: t('loyalty.stock'), hint: t('loyalty.stockHint'), kind: 'number' },
              {
                name: 'until',
                label: t('loyalty.validUntil'),
                hint: t('loyalty.validHint'),
                kind: 'datetime-local',
                pointer: 'valid_until',
              },
              {
                name: 'days',
                label: t('loyalty.codeDays'),
                hint: t('loyalty.codeDaysHint'),
                kind: 'number',
                required: true,
                pointer: 'code_days',
              },
            ],
          },
          { fields: [{ name: 'active', label: t('loyalty.offered'), kind: 'check' }] },
        ]}
        save={(values, changed, etag) => {
          const before = opened.of?.data;
          const [day, time] = (values.until ?? '').split('T');
          const body = {
            name: values.name ?? '',
            cost: Number(values.cost),
            stock: values.stock?.trim() ? Number(values.stock) : null,
            valid_until: day && time ? format.at(day, time) : null,
            code_days: Number(values.days),
            active: values.active === 'yes',
          };
          if (!before) return api.POST('/api/v1/loyalty/rewards', { body });
          const { name, cost, stock, valid_until, code_days, active } = body;
          return api.PATCH('/api/v1/loyalty/rewards/{id}', {
            params: { path: { id: before.id }, header: { 'If-Match': etag } },
            body: {
              ...(changed.has('name') && { name }),
              ...(changed.has('cost') && { cost }),
              ...(changed.has('stock') && { stock }),
              ...(changed.has('until') && { valid_until }),
              ...(changed.has('days') && { code_days }),
              ...(changed.has('active') && { active }),
            },
          });
        }}
      />
    </>
  );
}
