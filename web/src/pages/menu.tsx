import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, asItIs, tagged, type Schemas } from '@/api/client';
import {
  actionsColumn,
  activeColumn,
  activeOf,
  languagesColumn,
  nameColumn,
  ON_OFF,
  placeColumn,
  timeColumn,
} from '@/components/columns';
import { DataTable, type Column, type Edit } from '@/components/data-table';
import { AddButton, PageHead } from '@/components/page';
import { RecordDialog, tick, type Values } from '@/components/record-form';
import { DeleteButton, EditButton } from '@/components/row-actions';
import { useAct } from '@/lib/act';
import { inLanguage, useFormat } from '@/lib/format';
import { useOpened } from '@/lib/opened';
import { useIs, useWorkspace, useWorkspaceId } from '@/lib/queries';
import { hasChanged, textGroups, textsToValues, valuesToTexts } from '@/lib/texts';

type MenuItem = Schemas['MenuItem'];

/** Outside of the page, so that its answer stays the same list from one rendering to the next. */
const keysOf = (list: Schemas['Whole_MenuAction']) => list.items.map((one) => one.key);
const read = (id: string) => tagged(api.GET('/api/v1/menu-items/{id}', { params: { path: { id } } }));
const inPlace: Pick<Edit<MenuItem>, 'read' | 'save'> = {
  read: ({ id }) => read(id),
  save: (body, { data: { id }, etag }) =>
    answer(api.PATCH('/api/v1/menu-items/{id}', { params: { path: { id }, header: { 'If-Match': etag } }, body })),
};

export function Menu() {
  const { t, i18n } = useTranslation();
  const workspaceId = useWorkspaceId();
  const workspace = useWorkspace();
  const format = useFormat();
  const maySave = useIs('admin');
  const opened = useOpened<MenuItem>(read);
  const [written, setWritten] = useState<Values>({});
  const query = useQuery({
    queryKey: [workspaceId, 'menu-actions'],
    queryFn: () => answer(api.GET('/api/v1/menu-items/actions')),
    staleTime: Infinity,
    select: keysOf,
  });
  const actions = query.data;
  const remove = useAct(
    async (id: string) => api.DELETE('/api/v1/menu-items/{id}', { params: await asItIs(read, id) }),
    t('common.deleted'),
  );
  const edit = opened.edit;
  const removeOne = remove.mutateAsync;
  const columns = useMemo<Column<MenuItem>[]>(() => {
    const nameOf = (one: MenuItem) => inLanguage(one.titles, i18n.language) || one.key;
    const actionOf = (key: string) =>
      actions && !actions.includes(key) ? t('menu.question') : t(`menu.actions.${key}`, { defaultValue: key });
    return [
      nameColumn(t('common.name'), nameOf),
      {
        id: 'description',
        header: t('menu.description'),
        value: (one) => inLanguage(one.descriptions, i18n.language),
        filter: { kind: 'text' },
        cell: (one) => <bdi className="line-clamp-2 max-w-sm">{inLanguage(one.descriptions, i18n.language)}</bdi>,
      },
      {
        id: 'action',
        header: t('menu.action'),
        value: (one) => actionOf(one.key),
        cell: (one) => actionOf(one.key),
      },
      activeColumn(t, t('menu.all'), ON_OFF),
      placeColumn(t, format.number, maySave && inPlace),
      languagesColumn(t, (one) => one.titles, true),
      timeColumn('updated', t('products.updated'), format.moment, (one) => one.updated_at, true),
      ...actionsColumn(maySave, (one: MenuItem) => (
        <>
          <EditButton name={nameOf(one)} onClick={() => edit(one.id)} />
          <DeleteButton
            name={nameOf(one)}
            title={t('menu.deleteTitle')}
            text={t('menu.deleteText')}
            onConfirm={() => removeOne(one.id)}
          />
        </>
      )),
    ];
  }, [t, i18n.language, format, maySave, actions]);
  const before = opened.of?.data;
  return (
    <>
      <PageHead title={t('nav.menu')}>
        {maySave && <AddButton onClick={opened.add}>{t('menu.add')}</AddButton>}
      </PageHead>
      <DataTable
        name="menu-items"
        label={t('nav.menu')}
        columns={columns}
        source={{
          key: [workspaceId, 'menu-items'],
          load: ({ limit, cursor, filters }) => {
            const active = activeOf(filters, ON_OFF);
            return answer(api.GET('/api/v1/menu-items', { params: { query: { limit, cursor, active } } }));
          },
        }}
        rowId={(one) => one.id}
        onRow={maySave ? (one) => opened.edit(one.id) : undefined}
        empty={{ title: t('menu.none'), hint: t('menu.noneHint') }}
      />
      <RecordDialog
        {...opened.dialog}
        needs={query}
        title={before ? t('menu.edit') : t('menu.add')}
        initial={{ place: '0', active: 'yes' }}
        onValues={setWritten}
        valuesOf={(one) => ({
          action: actions?.includes(one.key) ? one.key : '',
          key: actions?.includes(one.key) ? '' : one.key,
          place: String(one.sort_order),
          active: tick(one.active),
          ...textsToValues('title', one.titles),
          ...textsToValues('description', one.descriptions),
        })}
        groups={[
          {
            beside: true,
            fields: [
              {
                name: 'action',
                label: t('menu.action'),
                hint: t('menu.actionHint'),
                kind: 'choice',
                pointer: written.action ? 'key' : undefined,
                options: [
                  { value: '', label: t('menu.question') },
                  ...(actions ?? []).map((value) => ({
                    value,
                    label: t(`menu.actions.${value}`, { defaultValue: value }),
                  })),
                ],
              },
              {
                name: 'place',
                label: t('categories.place'),
                hint: t('menu.placeHint'),
                kind: 'number',
                pointer: 'sort_order',
              },
            ],
          },
          {
            fields: [{ name: 'key', label: t('menu.key'), hint: t('menu.keyHint'), dir: 'ltr' }],
            hidden: Boolean(written.action),
          },
          ...textGroups(workspace, [
            { name: 'title', label: t('common.name'), hint: t('menu.titleHint'), path: 'titles.*', required: true },
            { name: 'description', label: t('menu.description'), path: 'descriptions.*' },
          ]),
          { fields: [{ name: 'active', label: t('menu.active'), hint: t('menu.activeHint'), kind: 'check' }] },
        ]}
        check={(values) => (values.action || values.key?.trim() ? undefined : { key: t('common.required') })}
        save={(values, changed, etag) => {
          const titles = valuesToTexts('title', values, before?.titles);
          const descriptions = valuesToTexts('description', values, before?.descriptions);
          const key = values.action || (values.key?.trim() ?? '');
          const sort_order = Number(values.place || 0);
          const active = values.active === 'yes';
          if (!before) {
            return api.POST('/api/v1/menu-items', { body: { key, sort_order, titles, descriptions, active } });
          }
          return api.PATCH('/api/v1/menu-items/{id}', {
            params: { path: { id: before.id }, header: { 'If-Match': etag } },
            body: {
              ...((changed.has('action') || changed.has('key')) && { key }),
              ...(changed.has('place') && { sort_order }),
              ...(changed.has('active') && { active }),
              ...(hasChanged(changed, 'title') && { titles }),
              ...(hasChanged(changed, 'description') && { descriptions }),
            },
          });
        }}
      />
    </>
  );
}
