import { useQuery } from '@tanstack/react-query';
import { PackagePlusIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, asItIs, tagged, unlessChanged, type Schemas } from '@/api/client';
import { actionsColumn, timeColumn } from '@/components/columns';
import { DataTable, type Ask, type Column, type Edit } from '@/components/data-table';
import { AddButton, PageHead } from '@/components/page';
import { Picture } from '@/components/picture';
import { RecordDialog, tick, type Values } from '@/components/record-form';
import { DeleteButton, EditButton, RowButton } from '@/components/row-actions';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { useAct } from '@/lib/act';
import { inLanguage, useFormat } from '@/lib/format';
import { useOpened } from '@/lib/opened';
import { categoriesQuery, useIs, useWorkspace, useWorkspaceId } from '@/lib/queries';
import { hasChanged, textGroups, textsToValues, valuesToTexts } from '@/lib/texts';

type Product = Schemas['Product'];

const read = (id: string) => tagged(api.GET('/api/v1/products/{id}', { params: { path: { id } } }));
const inPlace: Pick<Edit<Product>, 'read' | 'save'> = {
  read: ({ id }) => read(id),
  save: (body, { data: { id }, etag }) =>
    answer(api.PATCH('/api/v1/products/{id}', { params: { path: { id }, header: { 'If-Match': etag } }, body })),
};
const stockInPlace: Edit<Product> = {
  kind: 'number',
  required: true,
  text: (one) => String(one.stock),
  change: (text) => ({ stock: Number(text) }),
  read: ({ id }) => read(id),
  // The API takes a difference, so a sale in the last moment still counts.
  save: async ({ stock = 0 }, base) => {
    const { id } = base.data;
    await unlessChanged(read(id), base);
    const change = stock - base.data.stock;
    return answer(api.POST('/api/v1/products/{id}/stock', { params: { path: { id } }, body: { change } }));
  },
};

async function products({ q, filters, limit, cursor }: Ask) {
  const { state, category } = filters;
  if (q) {
    // A name finds what customers find in the chat. A number finds the rest, whatever its state is.
    const [named, numbered] = await Promise.all([
      answer(api.GET('/api/v1/products/search', { params: { query: { q, limit: Math.min(limit, 50) } } })),
      answer(api.GET('/api/v1/products', { params: { query: { sku: q } } })),
    ]);
    const found = [...numbered.items, ...named.items.filter((one) => numbered.items.every(({ id }) => id !== one.id))];
    return {
      items: found.filter(
        (one) =>
          (!category || one.category_id === category) &&
          (!state ||
            (state === 'low'
              ? one.low_stock_at != null && one.stock <= one.low_stock_at
              : one.active === (state === 'active'))),
      ),
    };
  }
  return answer(
    api.GET('/api/v1/products', {
      params: {
        query: {
          category_id: category,
          active: state === 'active' ? true : state === 'inactive' ? false : undefined,
          low_stock: state === 'low' || undefined,
          limit,
          cursor,
        },
      },
    }),
  );
}

function texts(product: Product, part: 'name' | 'description') {
  return Object.fromEntries(Object.entries(product.texts).map(([language, text]) => [language, text[part] ?? '']));
}

function Stock({ product }: { product: Product }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <RowButton words={t('products.stockChange')} name={product.sku} onClick={() => setOpen(true)}>
        <PackagePlusIcon aria-hidden />
      </RowButton>
      <RecordDialog
        open={isOpen}
        onOpenChange={setOpen}
        title={t('products.stockChange')}
        hint={t('products.stockHint', { stock: product.stock })}
        groups={[
          {
            fields: [
              { name: 'change', label: t('products.change'), kind: 'number', required: true },
              { name: 'reason', label: t('products.reason') },
            ],
          },
        ]}
        save={(values) =>
          api.POST('/api/v1/products/{id}/stock', {
            params: { path: { id: product.id } },
            body: { change: Number(values.change), reason: values.reason?.trim() || undefined },
          })
        }
      />
    </>
  );
}

export function Products() {
  const { t, i18n } = useTranslation();
  const workspaceId = useWorkspaceId();
  const workspace = useWorkspace();
  const format = useFormat();
  const maySave = useIs('admin');
  const categories = useQuery(categoriesQuery(workspaceId)).data?.items;
  const opened = useOpened<Product>(read);
  const remove = useAct(
    async (id: string) => api.DELETE('/api/v1/products/{id}', { params: await asItIs(read, id) }),
    t('common.deleted'),
  );
  const edit = opened.edit;
  const removeOne = remove.mutateAsync;
  const categoryOptions = useMemo(
    () =>
      (categories ?? []).map((one) => ({ value: one.id, label: inLanguage(one.titles, i18n.language) || one.slug })),
    [categories, i18n.language],
  );
  const columns = useMemo<Column<Product>[]>(() => {
    const nameOf = (one: Product) => inLanguage(texts(one, 'name'), i18n.language);
    const categoryOf = (one: Product) =>
      inLanguage(categories?.find((each) => each.id === one.category_id)?.titles, i18n.language);
    return [
      {
        id: 'name',
        header: t('common.name'),
        value: nameOf,
        filter: { kind: 'text' },
        cell: (one) => (
          <span className="flex min-w-0 items-center gap-3 font-medium">
            <Picture url={one.image_url} className="size-9 border" />
            <bdi>{nameOf(one)}</bdi>
          </span>
        ),
      },
      {
        id: 'sku',
        header: t('products.sku'),
        value: (one) => one.sku,
        filter: { kind: 'text' },
        cell: (one) => <bdi dir="ltr">{one.sku}</bdi>,
        edit: maySave && { ...inPlace, required: true, text: (one) => one.sku, change: (sku) => ({ sku }) },
      },
      {
        id: 'category',
        header: t('products.category'),
        value: categoryOf,
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('products.allCategories'),
          of: (one) => (one.category_id ? [one.category_id] : []),
          options: categoryOptions,
        },
        cell: (one) => categoryOf(one) || '–',
        edit: maySave && {
          ...inPlace,
          kind: 'choice',
          options: [{ value: '', label: t('common.none') }, ...categoryOptions],
          text: (one) => one.category_id ?? '',
          change: (text) => ({ category_id: text || null }),
        },
      },
      {
        id: 'price',
        header: t('products.price'),
        align: 'end',
        value: (one) => format.units(one.price_minor, one.currency),
        filter: { kind: 'number' },
        cell: (one) => format.money(one.price_minor, one.currency),
        edit: maySave && {
          ...inPlace,
          kind: 'number',
          required: true,
          text: (one) => String(format.units(one.price_minor, one.currency)),
          change: (text, { currency }) => ({ price_minor: format.minor(text, currency) }),
        },
      },
      {
        id: 'stock',
        header: t('products.stock'),
        align: 'end',
        value: (one) => one.stock,
        filter: { kind: 'number' },
        cell: (one) => (
          <span className="inline-flex items-center gap-2">
            {one.low_stock_at != null && one.stock <= one.low_stock_at && (
              <Badge tone="waiting">{t('products.low')}</Badge>
            )}
            {format.number(one.stock)}
          </span>
        ),
        edit: maySave && stockInPlace,
      },
      {
        id: 'state',
        header: t('common.state'),
        value: (one) => (one.active ? 'active' : 'inactive'),
        filter: {
          kind: 'choice',
          server: true,
          quick: true,
          all: t('products.all'),
          of: (one) => [
            one.active ? 'active' : 'inactive',
            ...(one.low_stock_at != null && one.stock <= one.low_stock_at ? ['low'] : []),
          ],
          options: [
            { value: 'active', label: t('products.sold') },
            { value: 'inactive', label: t('products.notSold') },
            { value: 'low', label: t('products.low') },
          ],
        },
        cell: (one) =>
          one.active ? <Badge tone="good">{t('products.sold')}</Badge> : <Badge>{t('products.notSold')}</Badge>,
      },
      timeColumn('updated', t('products.updated'), format.moment, (one) => one.updated_at, true),
      ...actionsColumn(maySave, (one: Product) => (
        <>
          <Stock product={one} />
          <EditButton name={nameOf(one)} onClick={() => edit(one.id)} />
          <DeleteButton
            name={nameOf(one)}
            title={t('products.deleteTitle')}
            text={t('products.deleteText')}
            onConfirm={() => removeOne(one.id)}
          />
        </>
      )),
    ];
    // The dialog's functions are new with every draw, and do the same.
  }, [t, i18n.language, format, categories, categoryOptions, maySave]);

  const valuesOf = (product: Product): Values => ({
    sku: product.sku,
    price: format.amount(product.price_minor, product.currency),
    category: product.category_id ?? '',
    image: product.image_url ?? '',
    low: product.low_stock_at == null ? '' : String(product.low_stock_at),
    active: tick(product.active),
    ...textsToValues('name', texts(product, 'name')),
    ...textsToValues('description', texts(product, 'description')),
  });
  const currency = opened.of?.data.currency ?? workspace?.currency ?? 'USD';
  return (
    <>
      <PageHead title={t('nav.products')}>
        {maySave && <AddButton onClick={opened.add}>{t('products.add')}</AddButton>}
      </PageHead>
      <DataTable
        name="products"
        label={t('nav.products')}
        columns={columns}
        source={{ key: [workspaceId, 'products'], load: products }}
        rowId={(one) => one.id}
        onRow={maySave ? (one) => opened.edit(one.id) : undefined}
        searchLabel={t('products.search')}
        bulk={maySave ? (rows, done) => <Sell products={rows} done={done} /> : undefined}
        empty={{ title: t('products.none'), hint: t('products.noneHint') }}
      />
      <RecordDialog
        {...opened.dialog}
        title={opened.of ? t('products.edit') : t('products.add')}
        valuesOf={valuesOf}
        initial={{ active: tick(true), stock: '0' }}
        groups={[
          {
            beside: true,
            fields: [
              { name: 'sku', label: t('products.sku'), hint: t('products.skuHint'), required: true, dir: 'ltr' },
              {
                name: 'price',
                label: `${t('products.price')} (${currency})`,
                kind: 'number',
                step: 'any',
                required: true,
                pointer: 'price_minor',
              },
              {
                name: 'category',
                label: t('products.category'),
                kind: 'choice',
                pointer: 'category_id',
                options: [{ value: '', label: t('common.none') }, ...categoryOptions],
              },
              ...(opened.of
                ? []
                : [{ name: 'stock', label: t('products.stock'), kind: 'number' as const, required: true }]),
              {
                name: 'low',
                label: t('products.lowAt'),
                hint: t('products.lowHint'),
                kind: 'number',
                pointer: 'low_stock_at',
              },
            ],
          },
          {
            fields: [
              {
                name: 'image',
                label: t('products.image'),
                hint: t('products.imageHint'),
                kind: 'url',
                pointer: 'image_url',
              },
              { name: 'active', label: t('products.sold'), kind: 'check' },
            ],
          },
          ...textGroups(workspace, [
            { name: 'name', label: t('common.name'), path: 'texts.*.name', required: true },
            { name: 'description', label: t('products.description'), path: 'texts.*.description', kind: 'area' },
          ]),
        ]}
        save={(values, changed, etag) => {
          const before = opened.of?.data;
          const names = valuesToTexts('name', values, before && texts(before, 'name'));
          const descriptions = valuesToTexts('description', values, before && texts(before, 'description'));
          const all = Object.fromEntries(
            Object.entries(names).map(([language, name]) => [
              language,
              { name, description: descriptions[language] ?? '' },
            ]),
          );
          const price_minor = format.minor(values.price ?? '', currency);
          const low_stock_at = values.low ? Number(values.low) : null;
          const image_url = values.image?.trim() || null;
          const category_id = values.category || null;
          if (!before)
            return api.POST('/api/v1/products', {
              body: {
                sku: values.sku?.trim() ?? '',
                price_minor,
                stock: Number(values.stock),
                low_stock_at,
                image_url,
                category_id,
                active: values.active === 'yes',
                texts: all,
              },
            });
          return api.PATCH('/api/v1/products/{id}', {
            params: { path: { id: before.id }, header: { 'If-Match': etag } },
            body: {
              ...(changed.has('sku') && { sku: values.sku?.trim() }),
              ...(changed.has('price') && { price_minor }),
              ...(changed.has('low') && { low_stock_at }),
              ...(changed.has('image') && { image_url }),
              ...(changed.has('category') && { category_id }),
              ...(changed.has('active') && { active: values.active === 'yes' }),
              ...(hasChanged(changed, 'name', 'description') && { texts: all }),
            },
          });
        }}
      />
    </>
  );
}

/** Begins or ends the sale of the chosen products. */
function Sell({ products: chosen, done }: { products: Product[]; done: () => void }) {
  const { t } = useTranslation();
  const sell = useAct(async (active: boolean) => {
    for (const one of chosen.filter((each) => each.active !== active)) {
      await api.PATCH('/api/v1/products/{id}', { params: await asItIs(read, one.id), body: { active } });
    }
    done();
  }, t('common.saved'));
  return (
    <>
      <Button size="sm" disabled={sell.isPending} onClick={() => sell.mutate(true)}>
        {t('products.sell')}
      </Button>
      <Button size="sm" variant="outline" disabled={sell.isPending} onClick={() => sell.mutate(false)}>
        {t('products.stop')}
      </Button>
    </>
  );
}
