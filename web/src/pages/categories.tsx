import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, asItIs, tagged, type Schemas } from '@/api/client';
import { actionsColumn, languagesColumn, nameColumn, placeColumn } from '@/components/columns';
import { DataTable, type Column, type Edit } from '@/components/data-table';
import { AddButton, PageHead } from '@/components/page';
import { RecordDialog } from '@/components/record-form';
import { DeleteButton, EditButton } from '@/components/row-actions';
import { useAct } from '@/lib/act';
import { inLanguage, useFormat } from '@/lib/format';
import { useOpened } from '@/lib/opened';
import { useIs, useWorkspace, useWorkspaceId } from '@/lib/queries';
import { hasChanged, textGroups, textsToValues, valuesToTexts } from '@/lib/texts';

type Category = Schemas['Category'];

const read = (id: string) => tagged(api.GET('/api/v1/categories/{id}', { params: { path: { id } } }));
const inPlace: Pick<Edit<Category>, 'read' | 'save' | 'required'> = {
  required: true,
  read: ({ id }) => read(id),
  save: (body, { data: { id }, etag }) =>
    answer(api.PATCH('/api/v1/categories/{id}', { params: { path: { id }, header: { 'If-Match': etag } }, body })),
};

export function Categories() {
  const { t, i18n } = useTranslation();
  const workspaceId = useWorkspaceId();
  const workspace = useWorkspace();
  const format = useFormat();
  const maySave = useIs('admin');
  const opened = useOpened<Category>(read);
  const remove = useAct(
    async (id: string) => api.DELETE('/api/v1/categories/{id}', { params: await asItIs(read, id) }),
    t('common.deleted'),
  );
  const edit = opened.edit;
  const removeOne = remove.mutateAsync;
  const columns = useMemo<Column<Category>[]>(() => {
    const nameOf = (one: Category) => inLanguage(one.titles, i18n.language) || one.slug;
    return [
      nameColumn(t('common.name'), nameOf),
      {
        id: 'slug',
        header: t('categories.slug'),
        value: (one) => one.slug,
        filter: { kind: 'text' },
        cell: (one) => <bdi dir="ltr">{one.slug}</bdi>,
        edit: maySave && { ...inPlace, text: (one) => one.slug, change: (slug) => ({ slug }) },
      },
      placeColumn(t, format.number, maySave && inPlace),
      languagesColumn(t, (one) => one.titles),
      ...actionsColumn(maySave, (one: Category) => (
        <>
          <EditButton name={nameOf(one)} onClick={() => edit(one.id)} />
          <DeleteButton
            name={nameOf(one)}
            title={t('categories.deleteTitle')}
            text={t('categories.deleteText')}
            onConfirm={() => removeOne(one.id)}
          />
        </>
      )),
    ];
  }, [t, i18n.language, format, maySave]);
  return (
    <>
      <PageHead title={t('nav.categories')}>
        {maySave && <AddButton onClick={opened.add}>{t('categories.add')}</AddButton>}
      </PageHead>
      <DataTable
        name="categories"
        label={t('nav.categories')}
        columns={columns}
        source={{
          key: [workspaceId, 'categories', 'list'],
          load: ({ limit, cursor }) => answer(api.GET('/api/v1/categories', { params: { query: { limit, cursor } } })),
        }}
        rowId={(one) => one.id}
        onRow={maySave ? (one) => opened.edit(one.id) : undefined}
        empty={{ title: t('categories.none'), hint: t('categories.noneHint') }}
      />
      <RecordDialog
        {...opened.dialog}
        title={opened.of ? t('categories.edit') : t('categories.add')}
        initial={{ place: '0' }}
        valuesOf={(one) => ({
          slug: one.slug,
          place: String(one.sort_order),
          ...textsToValues('title', one.titles),
        })}
        groups={[
          {
            beside: true,
            fields: [
              { name: 'slug', label: t('categories.slug'), hint: t('categories.slugHint'), required: true, dir: 'ltr' },
              {
                name: 'place',
                label: t('categories.place'),
                hint: t('categories.placeHint'),
                kind: 'number',
                pointer: 'sort_order',
              },
            ],
          },
          ...textGroups(workspace, [{ name: 'title', label: t('common.name'), path: 'titles.*', required: true }]),
        ]}
        save={(values, changed, etag) => {
          const before = opened.of?.data;
          const titles = valuesToTexts('title', values, before?.titles);
          const slug = values.slug?.trim() ?? '';
          const sort_order = Number(values.place || 0);
          if (!before) return api.POST('/api/v1/categories', { body: { slug, sort_order, titles } });
          return api.PATCH('/api/v1/categories/{id}', {
            params: { path: { id: before.id }, header: { 'If-Match': etag } },
            body: {
              ...(changed.has('slug') && { slug }),
              ...(changed.has('place') && { sort_order }),
              ...(hasChanged(changed, 'title') && { titles }),
            },
          });
        }}
      />
    </>
  );
}
