import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, asItIs, tagged, type Schemas } from '@/api/client';
import { actionsColumn, languagesColumn, timeColumn } from '@/components/columns';
import { DataTable, type Column, type Edit } from '@/components/data-table';
import { AddButton, PageHead } from '@/components/page';
import { RecordDialog } from '@/components/record-form';
import { DeleteButton, EditButton } from '@/components/row-actions';
import { useAct } from '@/lib/act';
import { inLanguage, useFormat } from '@/lib/format';
import { useOpened } from '@/lib/opened';
import { useIs, useWorkspace, useWorkspaceId } from '@/lib/queries';
import { hasChanged, textGroups, textsToValues, valuesToTexts } from '@/lib/texts';

type CannedReply = Schemas['CannedReply'];

const read = (id: string) => tagged(api.GET('/api/v1/canned-replies/{id}', { params: { path: { id } } }));
const codeInPlace: Edit<CannedReply> = {
  required: true,
  text: (one) => one.code,
  change: (text) => ({ code: text.replace(/^\//, '') }),
  read: ({ id }) => read(id),
  save: (body, { data: { id }, etag }) =>
    answer(api.PATCH('/api/v1/canned-replies/{id}', { params: { path: { id }, header: { 'If-Match': etag } }, body })),
};

export function CannedReplies() {
  const { t, i18n } = useTranslation();
  const workspaceId = useWorkspaceId();
  const workspace = useWorkspace();
  const format = useFormat();
  const maySave = useIs('agent');
  const opened = useOpened<CannedReply>(read);
  const remove = useAct(
    async (id: string) => api.DELETE('/api/v1/canned-replies/{id}', { params: await asItIs(read, id) }),
    t('common.deleted'),
  );
  const edit = opened.edit;
  const removeOne = remove.mutateAsync;
  const columns = useMemo<Column<CannedReply>[]>(
    () => [
      {
        id: 'code',
        header: t('canned.code'),
        value: (one) => one.code,
        filter: { kind: 'text' },
        cell: (one) => (
          <bdi dir="ltr" className="font-mono font-medium">
            /{one.code}
          </bdi>
        ),
        edit: maySave && codeInPlace,
      },
      {
        id: 'text',
        header: t('canned.text'),
        value: (one) => inLanguage(one.texts, i18n.language),
        filter: { kind: 'text' },
        cell: (one) => <bdi className="line-clamp-2 max-w-xl">{inLanguage(one.texts, i18n.language)}</bdi>,
      },
      languagesColumn(t, (one) => one.texts),
      timeColumn('updated', t('products.updated'), format.moment, (one) => one.updated_at, true),
      ...actionsColumn(maySave, (one: CannedReply) => (
        <>
          <EditButton name={one.code} onClick={() => edit(one.id)} />
          <DeleteButton
            name={one.code}
            title={t('canned.deleteTitle')}
            text={t('canned.deleteText')}
            onConfirm={() => removeOne(one.id)}
          />
        </>
      )),
    ],
    [t, i18n.language, format, maySave],
  );
  return (
    <>
      <PageHead title={t('nav.canned')}>
        {maySave && <AddButton onClick={opened.add}>{t('canned.add')}</AddButton>}
      </PageHead>
      <DataTable
        name="canned-replies"
        label={t('nav.canned')}
        columns={columns}
        source={{
          key: [workspaceId, 'canned-replies', 'list'],
          load: ({ limit, cursor }) =>
            answer(api.GET('/api/v1/canned-replies', { params: { query: { limit, cursor } } })),
        }}
        rowId={(one) => one.id}
        onRow={maySave ? (one) => opened.edit(one.id) : undefined}
        empty={{ title: t('canned.none'), hint: t('canned.noneHint') }}
      />
      <RecordDialog
        {...opened.dialog}
        title={opened.of ? t('canned.edit') : t('canned.add')}
        valuesOf={(one) => ({ code: one.code, ...textsToValues('text', one.texts) })}
        groups={[
          {
            fields: [{ name: 'code', label: t('canned.code'), hint: t('canned.codeHint'), required: true, dir: 'ltr' }],
          },
          ...textGroups(workspace, [
            { name: 'text', label: t('canned.text'), kind: 'area', path: 'texts.*', required: true },
          ]),
        ]}
        save={(values, changed, etag) => {
          const before = opened.of?.data;
          const texts = valuesToTexts('text', values, before?.texts);
          const code = (values.code ?? '').trim().replace(/^\//, '');
          if (!before) return api.POST('/api/v1/canned-replies', { body: { code, texts } });
          return api.PATCH('/api/v1/canned-replies/{id}', {
            params: { path: { id: before.id }, header: { 'If-Match': etag } },
            body: { ...(changed.has('code') && { code }), ...(hasChanged(changed, 'text') && { texts }) },
          });
        }}
      />
    </>
  );
}
