import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, asItIs } from '@/api/client';
import { actionsColumn, nameColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { AddButton } from '@/components/page';
import { RecordDialog } from '@/components/record-form';
import { DeleteButton, EditButton } from '@/components/row-actions';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { readTier, type Tier } from '@/lib/loyalty';
import { useOpened } from '@/lib/opened';
import { useIs, useWorkspaceId } from '@/lib/queries';
import { pageOf } from '@/lib/table';

export function Tiers() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const opened = useOpened<Tier>(readTier);
  const remove = useAct(
    async (id: string) => api.DELETE('/api/v1/loyalty/tiers/{id}', { params: await asItIs(readTier, id) }),
    t('common.deleted'),
  );
  const edit = opened.edit;
  const removeOne = remove.mutateAsync;
  const columns = useMemo<Column<Tier>[]>(
    () => [
      nameColumn(t('common.name'), (one) => one.name),
      {
        id: 'threshold',
        header: t('loyalty.threshold'),
        align: 'end',
        value: (one) => one.threshold,
        cell: (one) => format.number(one.threshold),
      },
      {
        id: 'multiplier',
        header: t('loyalty.multiplier'),
        align: 'end',
        value: (one) => one.multiplier_percent,
        cell: (one) => format.percent(one.multiplier_percent / 100),
      },
      ...actionsColumn(maySave, (one: Tier) => (
        <>
          <EditButton name={one.name} onClick={() => edit(one.id)} />
          <DeleteButton
            name={one.name}
            title={t('loyalty.deleteTier')}
            text={t('loyalty.deleteTierText')}
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
          <AddButton onClick={opened.add}>{t('loyalty.addTier')}</AddButton>
        </div>
      )}
      <DataTable
        name="loyalty-tiers"
        label={t('loyalty.tiers')}
        columns={columns}
        source={{
          key: [workspace, 'loyalty', 'tiers', 'list'],
          load: async (ask) => pageOf((await answer(api.GET('/api/v1/loyalty/tiers'))).items, ask),
        }}
        rowId={(one) => one.id}
        onRow={maySave ? (one) => opened.edit(one.id) : undefined}
        empty={{ title: t('loyalty.tiersNone'), hint: t('loyalty.tiersNoneHint') }}
      />
      <RecordDialog
        {...opened.dialog}
        title={opened.of ? t('loyalty.editTier') : t('loyalty.addTier')}
        initial={{ multiplier: '100' }}
        valuesOf={(one) => ({
          name: one.name,
          threshold: String(one.threshold),
          multiplier: String(one.multiplier_percent),
        })}
        groups={[
          {
            fields: [
              { name: 'name', label: t('common.name'), required: true },
              {
                name: 'threshold',
                label: t('loyalty.threshold'),
                hint: t('loyalty.thresholdHint'),
                kind: 'number',
                required: true,
              },
              {
                name: 'multiplier',
                label: `${t('loyalty.multiplier')} (%)`,
                hint: t('loyalty.multiplierHint'),
                kind: 'number',
                required: true,
                pointer: 'multiplier_percent',
              },
            ],
          },
        ]}
        save={(values, _changed, etag) => {
          const body = {
            name: values.name ?? '',
            threshold: Number(values.threshold),
            multiplier_percent: Number(values.multiplier),
          };
          const id = opened.of?.data.id;
          if (!id) return api.POST('/api/v1/loyalty/tiers', { body });
          return api.PUT('/api/v1/loyalty/tiers/{id}', {
            params: { path: { id }, header: { 'If-Match': etag } },
            body,
          });
        }}
      />
    </>
  );
}
