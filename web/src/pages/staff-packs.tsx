// The packs of credits that the platform sells to businesses.

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, asItIs, tagged, type Schemas } from '@/api/client';
import { actionsColumn, nameColumn, ON_OFF } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { AddButton, PageHead } from '@/components/page';
import { RecordDialog, tick } from '@/components/record-form';
import { DeleteButton, EditButton } from '@/components/row-actions';
import { StateBadge } from '@/components/state-badge';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { currencyOptions, USD } from '@/lib/money';
import { useOpened } from '@/lib/opened';
import { useWorkspaceId } from '@/lib/queries';

type Pack = Schemas['CreditPack'];

const readPack = (id: string) => tagged(api.GET('/api/v1/admin/credit-packs/{id}', { params: { path: { id } } }));

export function StaffPacks() {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const opened = useOpened<Pack>(readPack);
  const remove = useAct(
    async (id: string) => api.DELETE('/api/v1/admin/credit-packs/{id}', { params: await asItIs(readPack, id) }),
    t('common.deleted'),
  );
  const edit = opened.edit;
  const removeOne = remove.mutateAsync;
  const columns = useMemo<Column<Pack>[]>(
    () => [
      nameColumn<Pack>(t('common.name'), (one) => one.name),
      {
        id: 'credits',
        header: t('credits.credits'),
        align: 'end',
        value: (one) => one.credits,
        cell: (one) => format.number(one.credits),
      },
      {
        id: 'price',
        header: t('credits.price'),
        align: 'end',
        value: (one) => one.amount_minor,
        cell: (one) => format.money(one.amount_minor, one.currency),
      },
      {
        id: 'state',
        header: t('common.state'),
        value: (one) => ON_OFF[one.active ? 0 : 1],
        cell: (one) => <StateBadge state={ON_OFF[one.active ? 0 : 1]} />,
      },
      ...actionsColumn(true, (one: Pack) => (
        <>
          <EditButton name={one.name} onClick={() => edit(one.id)} />
          <DeleteButton
            name={one.name}
            title={t('platform.deletePack')}
            text={t('platform.deletePackText')}
            onConfirm={() => removeOne(one.id)}
          />
        </>
      )),
    ],
    [t, format],
  );
  return (
    <>
      <PageHead title={t('nav.staffPacks')}>
        <AddButton onClick={opened.add}>{t('platform.addPack')}</AddButton>
      </PageHead>
      <p className="mb-4 max-w-prose text-sm text-muted-foreground">{t('platform.packsHint')}</p>
      <DataTable
        name="staff-packs"
        label={t('nav.staffPacks')}
        columns={columns}
        source={{
          key: [workspace, 'platform', 'packs'],
          load: () => answer(api.GET('/api/v1/admin/credit-packs')),
        }}
        rowId={(one) => one.id}
        onRow={(one) => edit(one.id)}
        empty={{ title: t('platform.packsNone'), hint: t('platform.packsNoneHint') }}
      />
      <RecordDialog
        {...opened.dialog}
        title={opened.of ? t('platform.editPack') : t('platform.addPack')}
        initial={{ currency: USD, active: tick(true) }}
        valuesOf={(one) => ({
          name: one.name,
          credits: String(one.credits),
          price: format.amount(one.amount_minor, one.currency),
          currency: one.currency,
          active: tick(one.active),
        })}
        groups={[
          { fields: [{ name: 'name', label: t('common.name'), required: true }] },
          {
            beside: true,
            fields: [
              { name: 'credits', label: t('credits.credits'), kind: 'number', required: true },
              {
                name: 'price',
                label: t('credits.price'),
                kind: 'number',
                step: 'any',
                required: true,
                pointer: 'amount_minor',
              },
              {
                name: 'currency',
                label: t('settings.currency'),
                kind: 'choice',
                options: currencyOptions(i18n.language),
              },
            ],
          },
          { fields: [{ name: 'active', label: t('platform.onSale'), kind: 'check' }] },
        ]}
        save={(values, _, etag) => {
          const currency = values.currency ?? USD;
          const body = {
            name: values.name ?? '',
            credits: Number(values.credits),
            amount_minor: format.minor(values.price ?? '', currency),
            currency,
            active: values.active === 'yes',
          };
          if (!opened.of) return api.POST('/api/v1/admin/credit-packs', { body });
          return api.PUT('/api/v1/admin/credit-packs/{id}', {
            params: { path: { id: opened.of.data.id }, header: { 'If-Match': etag } },
            body,
          });
        }}
      />
    </>
  );
}
