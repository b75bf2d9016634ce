import { MergeIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '@tanstack/react-query';
import { answer, api, type Schemas } from '@/api/client';
import { actionsColumn } from '@/components/columns';
import { DataTable, type Column } from '@/components/data-table';
import { RecordDialog } from '@/components/record-form';
import { DeleteButton, EditButton, RowButton } from '@/components/row-actions';
import { Badge } from '@/components/ui/badge';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { tagsQuery, useIs, useWorkspaceId } from '@/lib/queries';

type Tag = Schemas['Tag'];

/** The contacts of the tag get another one, and the tag ends. */
function MergeDialog({ tag, onClose }: { tag: Tag; onClose: () => void }) {
  const { t } = useTranslation();
  const tags = useQuery(tagsQuery(useWorkspaceId()));
  const others = (tags.data?.items ?? []).filter((one) => one.id !== tag.id);
  return (
    <RecordDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('tags.mergeTitle', { name: tag.name })}
      hint={t('tags.mergeText', { name: tag.name, count: tag.contacts })}
      needs={tags}
      action={t('contacts.merge')}
      done={t('tags.merged')}
      groups={[
        {
          fields: [
            {
              name: 'into',
              label: t('tags.mergeInto'),
              kind: 'choice',
              required: true,
              pointer: 'into_id',
              options: [
                { value: '', label: '' },
                ...others.map((one) => ({ value: one.id, label: `${one.name} (${one.contacts})` })),
              ],
            },
            { name: 'sure', label: t('contacts.mergeSure'), kind: 'check' },
          ],
        },
      ]}
      check={(values) => (values.sure ? undefined : { sure: t('payments.sureMissing') })}
      save={(values) =>
        api.POST('/api/v1/tags/{id}/merge', {
          params: { path: { id: tag.id } },
          body: { into_id: values.into ?? '' },
        })
      }
    />
  );
}

export function Tags() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const maySave = useIs('admin');
  const [edited, setEdited] = useState<Tag | null>(null);
  const [merged, setMerged] = useState<Tag | null>(null);
  const remove = useAct(
    (id: string) => api.DELETE('/api/v1/tags/{id}', { params: { path: { id } } }),
    t('common.deleted'),
  );
  const columns = useMemo<Column<Tag>[]>(
    () => [
      { id: 'name', header: t('contacts.tag'), value: (one) => one.name, cell: (one) => <Badge>{one.name}</Badge> },
      {
        id: 'contacts',
        header: t('contacts.title'),
        align: 'end',
        value: (one) => one.contacts,
        cell: (one) => format.number(one.contacts),
      },
      ...actionsColumn(maySave, (one: Tag) => (
        <>
          <EditButton name={one.name} onClick={() => setEdited(one)} />
          <RowButton words={t('contacts.merge')} name={one.name} onClick={() => setMerged(one)}>
            <MergeIcon aria-hidden />
          </RowButton>
          <DeleteButton
            name={one.name}
            title={t('tags.deleteTitle')}
            text={t('tags.deleteText')}
            onConfirm={() => remove.mutateAsync(one.id)}
          />
        </>
      )),
    ],
    [t, format, maySave],
  );
  return (
    <>
      <DataTable
        name="tags"
        label={t('contacts.tags')}
        columns={columns}
        source={{ key: [workspace, 'tags', 'list'], load: () => answer(api.GET('/api/v1/tags')) }}
        rowId={(one) => one.id}
        empty={{ title: t('contacts.tagsNone') }}
      />
      <RecordDialog
        open={edited !== null}
        onOpenChange={(open) => !open && setEdited(null)}
        title={t('tags.rename')}
        initial={{ name: edited?.name ?? '' }}
        groups={[{ fields: [{ name: 'name', label: t('common.name'), required: true }] }]}
        save={(values) =>
          api.PATCH('/api/v1/tags/{id}', {
            params: { path: { id: edited?.id ?? '' } },
            body: { name: values.name?.trim() ?? '' },
          })
        }
      />
      {merged && <MergeDialog tag={merged} onClose={() => setMerged(null)} />}
    </>
  );
}
