// What the provider takes for a message, by country and category: the reports of campaigns estimate with it.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, tagged, type Schemas, type Tagged } from '@/api/client';
import { actionsColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { AddButton } from '@/components/page';
import { RecordDialog, type FormField, type Values } from '@/components/record-form';
import { DeleteButton, EditButton } from '@/components/row-actions';
import { Failed } from '@/components/states';
import { Button } from '@/components/ui/button';
import { useAct } from '@/lib/act';
import { rowsOf } from '@/lib/csv';
import { useFormat } from '@/lib/format';
import { currencyOptions, MICRO, USD } from '@/lib/money';
import { useIs, useWorkspaceId } from '@/lib/queries';

type Price = Schemas['MessagePrice'];
type Category = Schemas['TemplateCategory'];

const CATEGORIES: Category[] = ['marketing', 'utility', 'authentication'];
const ANYWHERE = '*';
/** The API takes as many. */
const MOST = 1_000;

const readPrices = async (): Promise<Tagged<Price[]>> => {
  const { data, etag } = await tagged(api.GET('/api/v1/messaging/prices'));
  return { data: data.items, etag };
};
const keyOf = (one: Pick<Price, 'country' | 'category'>) => `${one.country} ${one.category}`;
const microsOf = (units: string) => Math.round(Number(units.replace(',', '.')) * MICRO);
const countryOf = (text = '') => text.trim().toUpperCase() || ANYWHERE;
const isCategory = (text: string): text is Category => CATEGORIES.some((one) => one === text);

const putPrices = (items: Price[], etag: string | undefined) =>
  api.PUT('/api/v1/messaging/prices', { params: { header: { 'If-Match': etag } }, body: { items } });

/** Lines of country, category and price. A first line of names is left out. */
function pricesIn(text: string, currency: string) {
  const rows = rowsOf(text, MOST + 2).map((cells) => cells.map((one) => one.trim()));
  const isPrice = (value = '') => /^\d+([.,]\d+)?$/.test(value);
  const lines = rows[0] && !isPrice(rows[0][2]) && !isCategory((rows[0][1] ?? '').toLowerCase()) ? rows.slice(1) : rows;
  const wrong = lines.findIndex(
    ([country, category = '', price]) =>
      !/^(\*|[A-Z]{2})$/.test(countryOf(country)) || !isCategory(category.toLowerCase()) || !isPrice(price),
  );
  const items = lines.map(([country, category = '', price = '']) => ({
    country: countryOf(country),
    category: category.toLowerCase() as Category,
    micros: microsOf(price),
    currency,
  }));
  return { items, wrong: wrong < 0 ? null : rows.indexOf(lines[wrong]!) + 1 };
}

export function Prices() {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const [edited, setEdited] = useState<Price | 'new' | null>(null);
  const [isPasted, setPasted] = useState(false);
  const queries = useQueryClient();
  const ofPrices = { queryKey: [workspace, 'message-prices'], queryFn: readPrices };
  const query = useQuery(ofPrices);
  const prices = query.data?.data;
  const remove = useAct(async (gone: Price) => {
    const { data, etag } = await readPrices();
    return putPrices(
      data.filter((one) => keyOf(one) !== keyOf(gone)),
      etag,
    );
  }, t('common.deleted'));
  const mutate = remove.mutateAsync;
  const columns = useMemo<Column<Price>[]>(() => {
    const country = (one: Price) => (one.country === ANYWHERE ? t('prices.anywhere') : format.country(one.country));
    const category = (one: Price) => t(`templates.categories.${one.category}`, { defaultValue: one.category });
    return [
      {
        id: 'country',
        header: t('settings.country'),
        value: country,
        filter: { kind: 'text' },
        cell: (one) => <span className="font-medium">{country(one)}</span>,
      },
      {
        id: 'category',
        header: t('prices.category'),
        value: (one) => one.category,
        filter: {
          kind: 'choice',
          options: CATEGORIES.map((value) => ({ value, label: category({ category: value } as Price) })),
        },
        cell: category,
      },
      {
        id: 'price',
        header: t('prices.price'),
        align: 'end',
        value: (one) => one.micros / MICRO,
        filter: { kind: 'number' },
        cell: (one) => format.exact(one.micros, one.currency),
      },
      ...actionsColumn(maySave, (one: Price) => (
        <>
          <EditButton name={`${country(one)}, ${category(one)}`} onClick={() => setEdited(one)} />
          <DeleteButton
            name={`${country(one)}, ${category(one)}`}
            title={t('prices.deleteTitle')}
            text={t('prices.deleteText')}
            onConfirm={() => mutate(one)}
          />
        </>
      )),
    ];
  }, [t, format, maySave, mutate]);
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const before = edited === 'new' || !edited ? null : edited;
  const keyBefore = before && keyOf(before);
  const currencyField: FormField = {
    name: 'currency',
    label: t('settings.currency'),
    hint: t('prices.currencyHint'),
    kind: 'choice',
    options: currencyOptions(i18n.language),
  };
  const currency = prices?.[0]?.currency ?? USD;
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-prose text-sm text-muted-foreground">{t('prices.hint')}</p>
        {maySave && prices && (
          <div className="flex flex-wrap gap-2">
            <Button variant="outline" onClick={() => setPasted(true)}>
              {t('prices.paste')}
            </Button>
            <AddButton onClick={() => setEdited('new')}>{t('prices.add')}</AddButton>
          </div>
        )}
      </div>
      <DataTable
        name="message-prices"
        label={t('prices.title')}
        columns={columns}
        source={{
          key: [workspace, 'message-prices', 'list'],
          load: async () => ({ items: (await queries.fetchQuery(ofPrices)).data }),
        }}
        rowId={keyOf}
        empty={{ title: t('prices.none'), hint: t('prices.noneHint') }}
      />
      <RecordDialog
        open={edited !== null}
        onOpenChange={(open) => !open && setEdited(null)}
        title={before ? t('prices.edit') : t('prices.add')}
        initial={{ category: 'marketing', currency }}
        of={query.data}
        read={readPrices}
        valuesOf={(all): Values => {
          const one = all.find((each) => keyOf(each) === keyBefore);
          if (!one) return {};
          return {
            country: one.country,
            category: one.category,
            price: String(one.micros / MICRO),
            currency: one.currency,
          };
        }}
        groups={[
          {
            fields: [
              { name: 'country', label: t('settings.country'), hint: t('prices.countryHint'), dir: 'ltr' },
              {
                name: 'category',
                label: t('prices.category'),
                kind: 'choice',
                options: CATEGORIES.map((value) => ({ value, label: t(`templates.categories.${value}`) })),
              },
              {
                name: 'price',
                label: t('prices.price'),
                kind: 'number',
                step: 'any',
                required: true,
                pointer: 'micros',
              },
              currencyField,
            ],
          },
        ]}
        check={(values) => {
          const key = `${countryOf(values.country)} ${values.category}`;
          const isTwice = key !== keyBefore && prices?.some((one) => keyOf(one) === key);
          return { country: isTwice ? t('prices.twice') : undefined };
        }}
        save={(values, _, etag, all = []) => {
          const category = isCategory(values.category ?? '') ? (values.category as Category) : 'marketing';
          const price: Price = {
            country: countryOf(values.country),
            category,
            micros: microsOf(values.price ?? ''),
            currency: values.currency ?? currency,
          };
          const others = all.filter((one) => keyOf(one) !== keyBefore);
          // One currency for all: the others take the new one along.
          const items = [...others, price].map((one) => ({ ...one, currency: price.currency }));
          return putPrices(items, etag);
        }}
      />
      <RecordDialog
        open={isPasted}
        onOpenChange={setPasted}
        title={t('prices.paste')}
        hint={t('prices.pasteHint')}
        initial={{ currency }}
        groups={[
          {
            fields: [
              {
                name: 'lines',
                label: t('prices.lines'),
                hint: t('prices.linesHint'),
                kind: 'area',
                dir: 'ltr',
                required: true,
                pointer: 'items',
              },
              currencyField,
            ],
          },
        ]}
        check={(values) => {
          const { items, wrong } = pricesIn(values.lines ?? '', '');
          if (wrong) return { lines: t('prices.wrongLine', { line: wrong }) };
          const at = items.findIndex((one, index) => items.findIndex((each) => keyOf(each) === keyOf(one)) !== index);
          return at < 0 ? undefined : { lines: t('prices.twiceIn', { price: keyOf(items[at]!) }) };
        }}
        of={query.data}
        read={readPrices}
        save={(values, _, etag) => putPrices(pricesIn(values.lines ?? '', values.currency ?? currency).items, etag)}
      />
    </>
  );
}
