// What a marketing campaign has cost besides its messages, as members write it down.

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, tagged } from '@/api/client';
import { actionsColumn, nameColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { AddButton } from '@/components/page';
import { RecordDialog } from '@/components/record-form';
import { DeleteButton, EditButton } from '@/components/row-actions';
import { useAct } from '@/lib/act';
import { dayNames } from '@/lib/days';
import { useFormat } from '@/lib/format';
import { MARKETING, type MarketingCampaign, type MarketingExpense } from '@/lib/marketing';
import { currencyOptions } from '@/lib/money';
import { useOpened } from '@/lib/opened';
import { useWorkspace, useWorkspaceId } from '@/lib/queries';

const EXPENSE = `${MARKETING}/expenses/{expense_id}` as const;

export function MarketingExpenses({ campaign, maySave }: { campaign: MarketingCampaign; maySave: boolean }) {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const home = useWorkspace()?.currency ?? 'USD';
  const { id, budget } = campaign;
  const pathOf = (expense_id: string) => ({ path: { id, expense_id } });
  const opened = useOpened<MarketingExpense>((one) => tagged(api.GET(EXPENSE, { params: pathOf(one) })));
  const remove = useAct(
    ({ id: one, version }: MarketingExpense) =>
      api.DELETE(EXPENSE, { params: { ...pathOf(one), header: { 'If-Match': `"v${version}"` } } }),
    t('common.deleted'),
  );
  const edit = opened.edit;
  const removeOne = remove.mutateAsync;
  const columns = useMemo<Column<MarketingExpense>[]>(() => {
    const day = dayNames(i18n.language, { dateStyle: 'medium' });
    return [
      {
        id: 'day',
        header: t('marketing.spentOn'),
        value: (one) => one.spent_on,
        cell: (one) => <span className="whitespace-nowrap">{day(one.spent_on)}</span>,
      },
      nameColumn(t('marketing.description'), (one) => one.description, 'description'),
      {
        id: 'amount',
        header: t('marketing.amount'),
        align: 'end',
        value: (one) => format.units(one.amount.amount_minor, one.amount.currency),
        cell: (one) => <bdi className="tabular-nums">{format.money(one.amount.amount_minor, one.amount.currency)}</bdi>,
      },
      ...actionsColumn(maySave, (one: MarketingExpense) => (
        <>
          <EditButton name={one.description} onClick={() => edit(one.id)} />
          <DeleteButton
            name={one.description}
            title={t('marketing.deleteExpense')}
            text={t('marketing.deleteExpenseText')}
            onConfirm={() => removeOne(one)}
          />
        </>
      )),
    ];
  }, [t, i18n.language, format, maySave]);
  const currency = budget?.currency ?? home;
  return (
    <>
      {maySave && (
        <div className="mb-4 flex justify-end">
          <AddButton onClick={opened.add}>{t('marketing.addExpense')}</AddButton>
        </div>
      )}
      <DataTable
        name="marketing-expenses"
        label={t('marketing.expenses')}
        columns={columns}
        source={{
          key: [workspace, 'marketing', id, 'expenses'],
          load: ({ limit, cursor }) =>
            answer(api.GET(`${MARKETING}/expenses`, { params: { path: { id }, query: { limit, cursor } } })),
        }}
        rowId={(one) => one.id}
        onRow={maySave ? (one) => opened.edit(one.id) : undefined}
        empty={{ title: t('marketing.expensesNone'), hint: t('marketing.expensesHint') }}
      />
      <RecordDialog
        {...opened.dialog}
        title={opened.of ? t('marketing.editExpense') : t('marketing.addExpense')}
        initial={{ day: format.today(), currency }}
        valuesOf={(one) => ({
          description: one.description,
          day: one.spent_on,
          amount: format.amount(one.amount.amount_minor, one.amount.currency),
          currency: one.amount.currency,
        })}
        groups={[
          {
            fields: [
              { name: 'description', label: t('marketing.description'), required: true },
              {
                name: 'day',
                label: t('marketing.spentOn'),
                kind: 'date',
                required: true,
                pointer: 'spent_on',
              },
            ],
          },
          {
            beside: true,
            fields: [
              {
                name: 'amount',
                label: t('marketing.amount'),
                kind: 'number',
                step: 'any',
                required: true,
                pointer: 'amount.amount_minor',
              },
              {
                name: 'currency',
                label: t('marketing.currency'),
                kind: 'choice',
                pointer: 'amount.currency',
                options: currencyOptions(i18n.language),
              },
            ],
          },
        ]}
        save={(values, _changed, etag, before) => {
          const body = {
            description: values.description ?? '',
            spent_on: values.day ?? '',
            amount: {
              amount_minor: format.minor(values.amount ?? '', values.currency ?? currency),
              currency: values.currency ?? currency,
            },
          };
          return before
            ? api.PUT(EXPENSE, { params: { ...pathOf(before.id), header: { 'If-Match': etag } }, body })
            : api.POST(`${MARKETING}/expenses`, { params: { path: { id } }, body });
        }}
      />
    </>
  );
}
